import { configMap, manifest, pod, policy, pool } from './manifests.ts';
import { describeSteps, fails, ok, type PairContext, type Step } from './steps.ts';

const IN = 'apply -n shop -f -';

function applied(says: string, ...objects: readonly object[]): Step {
  return ok(IN, says, { input: manifest(...objects) });
}

function refused(says: string, ...objects: readonly object[]): Step {
  return fails(IN, says, { input: manifest(...objects) });
}

const UNKNOWN_FIELD = { ...configMap('unknown'), dada: { a: '1' } };

export function describeApply(context: PairContext): void {
  describeSteps(context, 'apply', [
    applied('configmap/ap created', configMap('ap', { a: '1' })),
    applied('configmap/ap unchanged', configMap('ap', { a: '1' })),
    applied('configmap/ap configured', configMap('ap', { b: '2' })),
    ok('get cm ap -n shop -o yaml', 'b: "2"'),
    ok('apply view-last-applied cm ap -n shop', 'b: "2"'),
    applied('pod/ap created', pod('ap', { volumes: [{ name: 'v', emptyDir: {} }] })),
    applied(
      'pod/ap configured',
      pod('ap', {
        containers: [{ name: 'c', image: 'nginx:2', ports: [{ containerPort: 80 }] }],
        volumes: [{ name: 'v', emptyDir: {} }],
      }),
    ),
    ok('get pod ap -n shop -o yaml', 'image: nginx:2'),
    applied('ippool.networking.margay.dev/ap created', configMap('several'), pool('ap', '10.20.0.0/16'), policy('ap')),
    applied(
      'configured',
      configMap('several', { a: 'b' }),
      pool('ap', '10.20.0.0/16', { disabled: true }),
      policy('ap', { ingress: [{ ports: [{ port: 81 }] }] }),
    ),
    ok('get ippool/ap -o yaml', 'disabled: true'),
    ok('get netpol/ap -n shop -o yaml', 'port: 81'),
    applied('configmap/listed created', {
      apiVersion: 'v1',
      kind: 'List',
      items: [configMap('listed'), pool('listed', '10.21.0.0/16')],
    }),
    applied('service/ap created', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'ap' },
      spec: { clusterIP: 'None', ports: [{ port: 80 }] },
    }),
    ok('get svc/ap -n shop -o yaml', 'RequireDualStack'),
    ok(`${IN} --dry-run=server`, 'configured (server dry run)', { input: manifest(configMap('ap', { a: '3' })) }),
    ok(`${IN} --dry-run=server -o yaml`, 'name: dry', { input: manifest(configMap('dry', { a: '3' })) }),
    ok(`${IN} --dry-run=client`, 'created (dry run)', { input: manifest(configMap('dry')) }),
    ok(`${IN} --force`, 'pod/ap configured', { input: manifest(pod('ap', { hostname: 'x' })) }),
    ok(`${IN} --prune -l suite=prune --prune-allowlist=core/v1/ConfigMap`, 'configmap/p1 created', {
      input: manifest(configMap('p1', {}, { labels: { suite: 'prune' } })),
    }),
    ok(`${IN} --prune -l suite=prune --prune-allowlist=core/v1/ConfigMap`, 'configmap/p1 pruned', {
      input: manifest(configMap('p2', {}, { labels: { suite: 'prune' } })),
    }),
    ok('apply set-last-applied -n shop -f -', 'configmap/ap configured', {
      input: manifest(configMap('ap', { c: '3' })),
    }),
  ]);

  describeSteps(context, 'apply refuses', [
    fails(IN, 'metadata.name: Invalid value', {
      input: manifest(configMap('good'), configMap('BAD'), configMap('good-2')),
    }),
    ok('get cm good good-2 -n shop -o name', 'configmap/good-2'),
    refused('unknown field "dada"', UNKNOWN_FIELD),
    ok(`${IN} --validate=warn`, 'Warning: unknown field "dada"', { input: manifest(UNKNOWN_FIELD) }),
    fails(`${IN} --validate=warn`, 'unable to find api field "dada"', {
      input: manifest({ ...configMap('unknown'), dada: { a: '2' } }),
    }),
    refused(
      'unknown field "spec.containers[0].imag"',
      pod('bad', { contaners: [], containers: [{ name: 'c', image: 'i', imag: 'x' }] }),
    ),
    refused('unknown field "spec.nope"', pool('bad', '10.20.0.0/16', { nope: true })),
    refused('spec: Forbidden', pod('ap', { hostname: 'y' })),
    refused('spec.cidr: Invalid value', pool('ap', '10.30.0.0/16')),
    refused(
      'data: Forbidden',
      { ...configMap('imm', { a: 'b' }), immutable: true },
      { ...configMap('imm', { a: 'c' }), immutable: true },
    ),
    refused('no matches for kind "Widget" in version "v1"', { ...configMap('bad'), kind: 'Widget' }),
    refused('no matches for kind "Widget"', { ...configMap('bad'), kind: 'Widget', apiVersion: 'nope/v1' }),
    refused('apiVersion not set', { kind: 'ConfigMap', metadata: { name: 'bad' } }),
    refused('resource name may not be empty', configMap('')),
    refused('does not match', configMap('lost', {}, { namespace: 'default' })),
    fails('apply -n nowhere -f -', 'namespaces "nowhere" not found', { input: manifest(configMap('lost')) }),
    fails(IN, 'error converting YAML to JSON', { input: 'a: b: c\n' }),
  ]);

  describeSteps(context, 'diff', [
    ok('diff -n shop -f -', '', { input: manifest(pool('ap', '10.20.0.0/16', { disabled: true })) }),
    fails('diff -n shop -f -', '+  a: "9"', { input: manifest(configMap('several', { a: '9' })) }),
    fails('diff -n shop -f -', '+  name: new', { input: manifest(configMap('new', { a: '9' })) }),
    fails('diff -n shop -f -', '-  - port: 81', {
      input: manifest(policy('ap', { ingress: [{ ports: [{ port: 82 }] }] })),
    }),
    fails('diff -n shop -f -', 'unknown field "dada"', {
      code: 1,
      input: manifest({ ...configMap('several'), dada: {} }),
    }),
  ]);

  describeSteps(context, 'replace', [
    ok('replace -n shop -f -', 'configmap/several replaced', { input: manifest(configMap('several', { x: 'y' })) }),
    ok('replace -n shop -f - --force', 'configmap/several replaced', {
      input: manifest(configMap('several', { x: 'z' })),
    }),
    fails('replace -n shop -f -', 'configmaps "absent" not found', { input: manifest(configMap('absent')) }),
    fails('replace -n shop -f -', 'the object has been modified', {
      input: manifest(configMap('several', {}, { resourceVersion: '1' })),
    }),
    ok('replace -f -', 'replaced', { input: manifest(pool('ap', '10.20.0.0/16')) }),
    fails('replace -n shop -f -', 'spec: Forbidden', { input: manifest(pod('ap', { hostname: 'z' })) }),
  ]);
}
