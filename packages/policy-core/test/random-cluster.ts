import { ANNOTATION, type Namespace, type NetworkPolicy, type Pod } from '@margay/model';
import fc from 'fast-check';

/** Namespaces, labels and addresses are few, so that random objects meet. */
const NAMESPACES = ['blue', 'green', 'red'];
const NODES = ['node-1', 'node-2', 'node-3'];
const POD_NAMES = ['a', 'b', 'c', 'd'];

const labels = fc.dictionary(fc.constantFrom('app', 'tier'), fc.constantFrom('x', 'y', ''), { maxKeys: 2 });

const expression = fc.oneof(
  fc.record({
    key: fc.constantFrom('app', 'tier'),
    operator: fc.constantFrom('In', 'NotIn'),
    values: fc.uniqueArray(fc.constantFrom('x', 'y', ''), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ key: fc.constantFrom('app', 'tier'), operator: fc.constantFrom('Exists', 'DoesNotExist') }),
);

/** One in ten says something that is not understood. */
function mostly<T>(good: fc.Arbitrary<T>, ...bad: unknown[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 9, arbitrary: good }, { weight: 1, arbitrary: fc.constantFrom(...(bad as T[])) });
}

const selector = mostly(
  fc.oneof(
    fc.constant({}),
    fc.record({ matchLabels: labels }),
    fc.record({ matchExpressions: fc.array(expression, { maxLength: 2 }) }),
  ),
  { matchExpressions: [{ key: 'app', operator: 'Near' }] },
  { matchFields: {} },
);

const ipBlock = mostly(
  fc.record(
    {
      cidr: fc.constantFrom('10.8.0.0/16', '10.8.1.0/24', '192.0.2.7/24', '0.0.0.0/0', '2001:db8::/32'),
      except: fc.subarray(['10.8.1.2/31', '192.0.2.128/25', '10.8.0.0/23']),
    },
    { requiredKeys: ['cidr'] },
  ),
  { cidr: '10.8.0.0' },
  { cidr: '10.8.0.0/16', except: ['x'] },
);

const peer = mostly(
  fc.oneof(
    fc.record({ podSelector: selector }),
    fc.record({ namespaceSelector: selector }),
    fc.record({ namespaceSelector: selector, podSelector: selector }),
    fc.record({ ipBlock }),
  ),
  {},
  { ipBlock: { cidr: '10.8.0.0/16' }, podSelector: {} },
  { serviceSelector: {} },
);

const port = mostly(
  fc.record({ protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'), port: fc.constantFrom(80, 443) }, { requiredKeys: [] }),
  { port: 'http' },
  { port: 80, endPort: 443 },
  { endPort: 443 },
  { port: 0 },
  { protocol: 'ICMP' },
);

const rule = (peers: 'from' | 'to') =>
  mostly(
    fc.record(
      { [peers]: fc.array(peer, { maxLength: 3 }), ports: fc.array(port, { maxLength: 2 }) },
      { requiredKeys: [] },
    ),
    { action: 'Deny' },
  );

const spec = mostly(
  fc.record(
    {
      podSelector: selector,
      policyTypes: mostly(fc.subarray(['Ingress', 'Egress']), ['Sideways']),
      ingress: fc.array(rule('from'), { maxLength: 2 }),
      egress: fc.array(rule('to'), { maxLength: 2 }),
    },
    { requiredKeys: ['podSelector'] },
  ),
  { podSelector: {}, tier: 'admin', ingress: [{}] },
);

/** The latest word on one object, or that it is gone. */
export type ObjectEvent =
  | { readonly kind: 'Namespace'; readonly key: string; readonly object: Namespace | undefined }
  | { readonly kind: 'Pod'; readonly key: string; readonly object: Pod | undefined }
  | { readonly kind: 'NetworkPolicy'; readonly key: string; readonly object: NetworkPolicy | undefined };

const namespaceEvent = fc
  .tuple(fc.constantFrom(...NAMESPACES), fc.option(labels, { nil: undefined, freq: 8 }))
  .map(([name, given]): ObjectEvent => {
    const object = given && { metadata: { name, labels: given } };
    return { kind: 'Namespace', key: `Namespace/${name}`, object };
  });

const podState = fc.record({
  labels,
  node: fc.option(fc.constantFrom(...NODES), { nil: undefined, freq: 8 }),
  uid: fc.constantFrom('1', '2'),
  address: fc.constantFrom('annotation', 'status', 'both', 'released', 'none'),
  phase: mostly(fc.constant('Running'), 'Succeeded', 'Failed'),
  usesHostNetwork: fc.integer({ min: 0, max: 9 }),
});

const podEvent = fc
  .record({
    namespace: fc.integer({ min: 0, max: NAMESPACES.length - 1 }),
    name: fc.integer({ min: 0, max: POD_NAMES.length - 1 }),
    state: fc.option(podState, { nil: undefined, freq: 8 }),
  })
  .map(({ namespace: namespaceIndex, name: nameIndex, state }): ObjectEvent => {
    const namespace = NAMESPACES[namespaceIndex] as string;
    const name = POD_NAMES[nameIndex] as string;
    const key = `Pod/${namespace}/${name}`;
    if (state === undefined) return { kind: 'Pod', key, object: undefined };
    // No two pods share an address, so that a packet's address tells the pod; but a pod's may change.
    const address = `10.8.${namespaceIndex}.${nameIndex + (state.uid === '1' ? 1 : 101)}`;
    const annotation = { annotation: address, both: address, released: '' }[state.address as string];
    const object: Pod = {
      metadata: {
        name,
        namespace,
        uid: state.uid,
        labels: state.labels,
        ...(annotation === undefined ? {} : { annotations: { [ANNOTATION.podAddress]: annotation } }),
      },
      spec: { ...(state.node ? { nodeName: state.node } : {}), hostNetwork: state.usesHostNetwork === 0 },
      status: {
        phase: state.phase,
        ...(['status', 'both', 'released'].includes(state.address) ? { podIP: address } : {}),
      },
    };
    return { kind: 'Pod', key, object };
  });

const policyEvent = fc
  .tuple(fc.constantFrom(...NAMESPACES), fc.constantFrom('p', 'q', 'r'), fc.option(spec, { nil: undefined, freq: 8 }))
  .map(([namespace, name, given]): ObjectEvent => {
    const key = `NetworkPolicy/${namespace}/${name}`;
    const object = given && ({ metadata: { name, namespace, uid: name }, spec: given } as NetworkPolicy);
    return { kind: 'NetworkPolicy', key, object };
  });

/** A history of a cluster. */
export const events: fc.Arbitrary<ObjectEvent[]> = fc.array(
  fc.oneof(
    { weight: 1, arbitrary: namespaceEvent },
    { weight: 4, arbitrary: podEvent },
    { weight: 2, arbitrary: policyEvent },
  ),
  // Without a size, fast-check would rarely make more than ten.
  { minLength: 1, maxLength: 60, size: 'max' },
);
