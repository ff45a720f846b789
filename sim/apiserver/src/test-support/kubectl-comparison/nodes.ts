import { manifest, node, pod } from './manifests.ts';
import { describeSteps, fails, ok, type PairContext, sortedLines } from './steps.ts';

const PODS = manifest(
  pod('drained', { nodeName: 'n3' }),
  pod('kept', { nodeName: 'n3' }),
  pod('removed', { nodeName: 'n3' }),
);

export function describeNodes(context: PairContext): void {
  describeSteps(context, 'taint, cordon and drain', [
    // Kubernetes marks a new node, and a controller takes the mark away: there is none here.
    ok('create -f -', 'node/n3 created', { input: manifest(node('n3')) }),
    ok(
      ['patch', 'node', 'n3', '--type=merge', '-p', '{"spec":{"taints":[{"key":"first","effect":"NoSchedule"}]}}'],
      '',
    ),
    ok('taint node n3 a=b:NoSchedule', 'node/n3 tainted'),
    fails('taint node n3 a=b:NoSchedule', 'already has a taint(s) with same effect(s)'),
    ok('taint node n3 a=c:NoSchedule --overwrite', 'node/n3 modified'),
    ok('taint node n3 a:NoSchedule-', 'node/n3 untainted'),
    fails('taint node n3 a:NoSchedule-', 'not found'),
    fails('taint node n3 a=b:Nope', 'invalid taint effect: Nope'),
    fails('taint node nope t=v:NoSchedule', 'nodes "nope" not found'),
    ok('cordon n3', 'node/n3 cordoned'),
    ok('cordon n3', 'node/n3 already cordoned'),
    ok('get node n3', 'SchedulingDisabled'),
    ok('describe node n3', 'Unschedulable:  true'),
    ok('uncordon n3', 'node/n3 uncordoned'),
    ok('get node n3 -o yaml', 'key: first'),
    ok('cordon -l zone=east --dry-run=server', 'cordoned (server dry run)'),
    fails('cordon nope', 'nodes "nope" not found'),
    ok('create -n shop -f -', 'pod/drained created', { input: PODS }),
    fails('drain n3', 'cannot delete cannot delete Pods that declare no controller'),
    // The pods are evicted side by side.
    ok('drain n3 --force --dry-run=server', 'node/n3 drained (server dry run)', { view: sortedLines }),
    ok('drain n3 --force --grace-period=0 --timeout=10s --pod-selector=app=drained', 'pod/drained evicted'),
    ok(
      'drain n3 --force --grace-period=0 --timeout=10s --disable-eviction --pod-selector=app=removed',
      'pod/removed deleted',
    ),
    ok('get pods -n shop --field-selector spec.nodeName=n3 -o name', 'pod/kept'),
    fails('drain nope', 'nodes "nope" not found'),
    ok('delete node n3', 'node "n3" deleted'),
  ]);
}
