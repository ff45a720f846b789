import { configMap, manifest, pod, policy, pool } from './manifests.ts';
import { describeSteps, fails, ok, type PairContext } from './steps.ts';

const OBJECTS = [
  ...['d1', 'd2', 'd3', 'd4', 'd5', 'd6'].map((name) =>
    configMap(name, {}, { labels: { group: name < 'd4' ? 'd' : 'e' } }),
  ),
  pod('unplaced'),
  pod('placed', { nodeName: 'n1' }),
  pod('forced', { nodeName: 'n1' }),
  policy('p1'),
  pool('orphaned', '10.50.0.0/16'),
];

export function describeDeletes(context: PairContext): void {
  describeSteps(context, 'delete', [
    ok('create ns going', 'namespace/going created'),
    ok('create -n going -f -', 'pod/placed created', { input: manifest(...OBJECTS) }),
    ok('delete pod unplaced -n going', 'pod "unplaced" deleted'),
    fails('delete pod unplaced -n going', 'pods "unplaced" not found'),
    ok('delete pod unplaced -n going --ignore-not-found', ''),
    ok('delete pod placed -n going --dry-run=server', 'server dry run'),
    ok('delete pod placed -n going --wait=false', 'pod "placed" deleted'),
    ok('get pod placed -n going', 'Terminating'),
    ok('get pod placed -n going -o yaml', 'deletionGracePeriodSeconds: 30'),
    ok('delete pod placed -n going --wait=false --grace-period=5', 'pod "placed" deleted'),
    ok('get pod placed -n going -o jsonpath={.metadata.deletionGracePeriodSeconds}', '5'),
    ok('delete pod forced -n going --grace-period=0 --force', 'force deleted'),
    ok('delete pods --all -n going --grace-period=0 --force', 'pod "placed" force deleted'),
    ok('get pods -n going', 'No resources found'),
    ok('delete cm d1 -n going --cascade=background', 'configmap "d1" deleted'),
    ok('delete cm -l group=d -n going', 'configmap "d3" deleted'),
    fails('delete cm d4 nope -n going', 'configmaps "nope" not found'),
    ok('delete cm/d5 netpol/p1 -n going', 'networkpolicy.networking.k8s.io "p1" deleted'),
    ok('delete -n going -f -', 'ippool.networking.margay.dev "orphaned" deleted', {
      input: manifest(configMap('d6'), pool('orphaned', '10.50.0.0/16')),
    }),
    fails('delete -n going -f -', 'configmaps "d6" not found', { input: manifest(configMap('d6')) }),
    ok('delete -n going --ignore-not-found -f -', '', { input: manifest(configMap('d6')) }),
    ok('delete netpol --all -n going', 'No resources found'),
    fails('delete netpol -n going', 'resource(s) were provided, but no name was specified'),
    ok('delete pods,svc -l app=none -n going', 'No resources found'),
    ok('delete all --all -n going', 'No resources found'),
    fails('delete widgets nope', 'doesn\'t have a resource type "widgets"'),
    fails('delete ippool nope', 'ippools.networking.margay.dev "nope" not found'),
    fails('delete ns default', 'this namespace may not be deleted'),
    fails('delete ns nope', 'namespaces "nope" not found'),
    // A finalizer that nobody takes away: on both servers the namespace stays.
    ok('create -n going -f -', 'configmap/held created', {
      input: manifest(configMap('held', {}, { finalizers: ['example.com/hold'] })),
    }),
    ok('delete cm held -n going --wait=false', 'configmap "held" deleted'),
    ok('get cm held -n going -o yaml', 'deletionTimestamp'),
    ok('delete ns going --wait=false', 'namespace "going" deleted'),
    ok('get ns going', 'Terminating'),
    fails('create cm late -n going', 'because it is being terminated'),
    ok(
      ['patch', 'cm', 'held', '-n', 'going', '--type=merge', '-p', '{"metadata":{"finalizers":null}}'],
      'configmap/held patched',
    ),
  ]);
}
