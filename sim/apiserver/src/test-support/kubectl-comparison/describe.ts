import { explainedStructure } from './normalise.ts';
import { describeSteps, fails, ok, type PairContext } from './steps.ts';

const EXPLAINED = [
  'pods',
  'nodes',
  'namespaces',
  'services',
  'networkpolicies',
  'configmaps',
  'secrets',
  'serviceaccounts',
  'events',
  'endpoints',
  'endpointslices',
  'leases',
  'crds',
];

export function describeDescribe(context: PairContext): void {
  describeSteps(context, 'describe', [
    ok('describe nodes', 'Allocated resources'),
    ok('describe pods -n shop', 'node.kubernetes.io/not-ready:NoExecute op=Exists'),
    ok('describe svc -n shop', 'Session Affinity'),
    ok('describe netpol -n shop', 'To Port Range: 8000-8010/UDP'),
    ok('describe ippools', 'Nat Outgoing'),
    ok('describe margay', 'confirmed'),
    ok('describe cm,secret,sa,leases -n shop', 'token:  6 bytes'),
    ok('describe endpoints,endpointslices -n shop', 'NotReadyAddresses'),
    ok('describe event web.1 -n shop', 'Event Time:  <nil>'),
    ok('describe crd ippools.networking.margay.dev', 'X - Kubernetes - Validations'),
    ok('describe pod w -n shop', 'Pulled'),
    fails('describe pod nope -n shop', 'pods "nope" not found'),
    fails('describe widgets', 'doesn\'t have a resource type "widgets"'),
  ]);

  describeSteps(context, 'explain: fields, types and marks of', [
    ...EXPLAINED.map((kind) => ok(`explain ${kind} --recursive`, 'FIELDS:', { view: explainedStructure })),
    ok('explain pod.spec', 'containers\t<[]Container> -required-', { view: explainedStructure }),
    ok('explain pod.spec.containers.ports.protocol', 'ENUM:', { view: explainedStructure }),
    ok('explain pod.metadata', '<map[string]string>', { view: explainedStructure }),
    ok('explain netpol.spec.ingress.from.ipBlock', 'cidr\t<string> -required-', { view: explainedStructure }),
  ]);

  // Their text is our own, and so the same on both.
  describeSteps(context, 'explain: our kinds', [
    ok('explain ippools', 'spec\t<Object> -required-', { view: explainedStructure }),
    ok('explain ippools --recursive', 'natOutgoing\t<boolean>'),
    ok('explain ippool.spec', 'cidr\t<string> -required-'),
    ok('explain ippool.spec.cidr', 'FIELD: cidr <string>'),
    ok('explain blockaffinities --recursive', 'state\t<string>'),
    ok('explain ipamblocks --recursive', 'allocations'),
    ok('explain ippools --api-version=networking.margay.dev/v1', 'VERSION:', { view: explainedStructure }),
    fails('explain pods.nope', 'field "nope" does not exist'),
    fails('explain pods.spec.nope', 'field "nope" does not exist'),
    fails('explain widgets', 'doesn\'t have a resource type "widgets"'),
    fails('explain pods --api-version=v9', 'v9'),
    ok('explain svc -o plaintext-openapiv2', 'FIELDS:', { view: explainedStructure }),
  ]);
}
