/** Specs that a rule of our definitions accepts, and one that it refuses. */
export interface RuleExample {
  /** Which rule: resource, place in the schema, position among the rules there. */
  readonly rule: string;
  /** What the object was before; absent: it is new. */
  readonly from?: object;
  readonly accepted: readonly object[];
  readonly refused: object;
  /** What the Status names. */
  readonly field: string;
  /** The object's name where the rule is about it. */
  readonly refusedName?: string;
}

/** A block whose parts fit its cidr, which must be of /30. */
function block(cidr: string, changes: object = {}): object {
  return {
    cidr,
    allocations: [null, 0, null, null],
    unallocated: [0, 2, 3],
    attributes: [{ handleId: 'example' }],
    sequenceNumber: 7,
    sequenceNumberForAllocation: { 1: 6 },
    ...changes,
  };
}

function affinity(changes: object): object {
  return { state: 'confirmed', node: 'node-1', cidr: '192.0.2.0/26', type: 'host', ...changes };
}

const POOLS: readonly RuleExample[] = [
  {
    rule: 'ippools.spec[0]',
    accepted: [
      { cidr: '192.0.2.0/26' },
      { cidr: '192.0.2.0/28', blockSize: 28 },
      { cidr: '192.0.2.0/24', blockSize: 32 },
    ],
    refused: { cidr: '192.0.2.0/27' },
    field: 'spec.cidr',
  },
  {
    rule: 'ippools.spec.cidr[0]',
    accepted: [{ cidr: '192.0.2.0/24' }],
    refused: { cidr: '192.0.2.0' },
    field: 'spec.cidr',
  },
  {
    rule: 'ippools.spec.cidr[1]',
    accepted: [{ cidr: '192.0.2.0/24' }],
    refused: { cidr: '2001:db8::/20' },
    field: 'spec.cidr',
  },
  {
    rule: 'ippools.spec.cidr[2]',
    accepted: [{ cidr: '192.0.2.0/24' }],
    refused: { cidr: '192.0.2.1/24' },
    field: 'spec.cidr',
  },
  {
    rule: 'ippools.spec.cidr[3]',
    accepted: [{ cidr: '10.0.0.0/8' }, { cidr: '128.0.0.0/8' }, { cidr: '100.64.0.0/10' }],
    refused: { cidr: '126.0.0.0/7' },
    field: 'spec.cidr',
  },
  {
    rule: 'ippools.spec.cidr[4]',
    from: { cidr: '192.0.2.0/24' },
    accepted: [{ cidr: '192.0.2.0/24', natOutgoing: true }],
    refused: { cidr: '198.51.100.0/24' },
    field: 'spec.cidr',
  },
  {
    rule: 'ippools.spec.blockSize[0]',
    from: { cidr: '192.0.2.0/24' },
    accepted: [
      { cidr: '192.0.2.0/24', blockSize: 26 },
      { cidr: '192.0.2.0/24', disabled: true },
    ],
    refused: { cidr: '192.0.2.0/24', blockSize: 27 },
    field: 'spec.blockSize',
  },
];

const BLOCKS: readonly RuleExample[] = [
  {
    rule: 'ipamblocks[0]',
    accepted: [block('192.0.2.0/30')],
    refused: block('192.0.2.0/30'),
    refusedName: 'another-name',
    field: 'spec.cidr',
  },
  {
    rule: 'ipamblocks.spec[0]',
    accepted: [block('192.0.2.0/30'), block('192.0.2.0/32', { allocations: [null], unallocated: [0] })],
    refused: block('192.0.2.0/29'),
    field: 'spec.allocations',
  },
  {
    rule: 'ipamblocks.spec[1]',
    accepted: [block('192.0.2.0/30', { unallocated: [0, 1, 2, 3] })],
    refused: block('192.0.2.0/30', { unallocated: [0, 1, 2, 3, 0] }),
    field: 'spec.unallocated',
  },
  {
    rule: 'ipamblocks.spec.cidr[0]',
    accepted: [block('192.0.2.0/30')],
    refused: block('192.0.2.0'),
    field: 'spec.cidr',
  },
  {
    rule: 'ipamblocks.spec.cidr[1]',
    accepted: [block('192.0.2.0/30')],
    refused: block('192.0.2.1/30'),
    field: 'spec.cidr',
  },
  {
    rule: 'ipamblocks.spec.cidr[2]',
    accepted: [block('192.0.2.0/30')],
    refused: block('10.0.0.0/19'),
    field: 'spec.cidr',
  },
  {
    rule: 'ipamblocks.spec.cidr[3]',
    from: block('192.0.2.0/30'),
    accepted: [block('192.0.2.0/30', { affinity: 'host:node-1' })],
    refused: block('192.0.2.4/30'),
    field: 'spec.cidr',
  },
  {
    rule: 'ipamblocks.spec.sequenceNumber[0]',
    from: block('192.0.2.0/30'),
    accepted: [block('192.0.2.0/30', { sequenceNumber: 8 }), block('192.0.2.0/30', { deleted: true })],
    refused: block('192.0.2.0/30', { sequenceNumber: 6 }),
    field: 'spec.sequenceNumber',
  },
];

const AFFINITIES: readonly RuleExample[] = [
  {
    rule: 'blockaffinities.spec.node[0]',
    from: affinity({ state: 'pending' }),
    accepted: [affinity({ state: 'confirmed' })],
    refused: affinity({ node: 'node-2' }),
    field: 'spec.node',
  },
  {
    rule: 'blockaffinities.spec.cidr[0]',
    accepted: [affinity({}), affinity({ cidr: '2001:db8::/122' })],
    refused: affinity({ cidr: '192.0.2.0/33' }),
    field: 'spec.cidr',
  },
  {
    rule: 'blockaffinities.spec.cidr[1]',
    accepted: [affinity({})],
    refused: affinity({ cidr: '2001:DB8::/122' }),
    field: 'spec.cidr',
  },
  {
    rule: 'blockaffinities.spec.cidr[2]',
    from: affinity({}),
    accepted: [affinity({ state: 'pendingDeletion' })],
    refused: affinity({ cidr: '192.0.2.64/26' }),
    field: 'spec.cidr',
  },
];

export const RULE_EXAMPLES: readonly RuleExample[] = [...POOLS, ...BLOCKS, ...AFFINITIES];
