import type { FeedEntry, PolicyRule, PortMatch, Scope } from '@margay/feed-core';
import { addressFromValue, type Cidr, type IpAddress, parseCidr, subnetAt } from '@margay/ip';
import fc from 'fast-check';

// Arbitrary feed entries, over everything that the types allow.

const name = fc.stringMatching(/^[a-z0-9]([a-z0-9./-]{0,20}[a-z0-9])?$/);

export const anyAddress: fc.Arbitrary<IpAddress> = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((value) => addressFromValue(4, value)),
  fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((value) => addressFromValue(6, value)),
);

export const anyCidr: fc.Arbitrary<Cidr> = fc.oneof(
  fc
    .tuple(fc.integer({ min: 0, max: 32 }), fc.double({ min: 0, max: 0.999, noNaN: true }))
    .map(([length, at]) => subnetAt(parseCidr('0.0.0.0/0'), length, BigInt(Math.floor(at * 2 ** length)))),
  fc
    .tuple(fc.integer({ min: 0, max: 128 }), fc.double({ min: 0, max: 0.999, noNaN: true }))
    .map(([length, at]) => subnetAt(parseCidr('::/0'), length, BigInt(Math.floor(at * 2 ** length)))),
);

const port: fc.Arbitrary<PortMatch> = fc.record(
  { protocol: fc.constantFrom('tcp', 'udp', 'sctp'), port: fc.integer({ min: 1, max: 65_535 }) },
  { requiredKeys: ['protocol'] },
);

const rule: fc.Arbitrary<PolicyRule> = fc.record(
  {
    origin: fc.string({ unit: 'grapheme' }),
    action: fc.constantFrom('allow', 'deny'),
    peerSets: fc.array(name, { maxLength: 3 }),
    ports: fc.array(port, { maxLength: 3 }),
  },
  { requiredKeys: ['origin', 'action'] },
);

const policies = fc.record({ policies: fc.array(name, { maxLength: 3 }) });

export const anyEntry: fc.Arbitrary<FeedEntry> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('node' as const),
      name,
      address: anyAddress,
      subnet: anyCidr,
      ipipTunnelAddress: anyAddress,
    },
    { requiredKeys: ['kind', 'name', 'address', 'subnet'] },
  ),
  fc.record({
    kind: fc.constant('pool' as const),
    cidr: anyCidr,
    ipipMode: fc.constantFrom('Always', 'CrossSubnet', 'Never'),
    natOutgoing: fc.boolean(),
    disabled: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('route' as const), cidr: anyCidr, node: name }),
  fc.record({
    kind: fc.constant('policy' as const),
    id: name,
    ingress: fc.array(rule, { maxLength: 3 }),
    egress: fc.array(rule, { maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('set' as const), id: name, type: fc.constantFrom('addresses', 'cidrs') }),
  fc.record({ kind: fc.constant('member' as const), set: name, member: fc.oneof(anyAddress, anyCidr) }),
  fc.record(
    {
      kind: fc.constant('endpoint' as const),
      namespace: name,
      pod: name,
      uid: fc.uuid(),
      ingress: policies,
      egress: policies,
    },
    { requiredKeys: ['kind', 'namespace', 'pod', 'uid'] },
  ),
);

export const anyScope: fc.Arbitrary<Scope> = fc.oneof(
  fc.constant('all' as const),
  fc.tuple(fc.constantFrom('node', 'policy', 'set'), name).map(([kind, id]) => `${kind}:${id}` as Scope),
);

export const anyRevision = fc.bigInt({ min: 0n, max: BigInt(Number.MAX_SAFE_INTEGER) });
export const anyName = name;
