import { usablePools } from '@margay/ipam-core';
import type { Condition, IPPool } from '@margay/model';
import { describe, expect, it } from 'vitest';
import { conditionsWith, isSaid, judgePools } from './pool-condition.ts';

const NOW = '2026-01-01T12:00:00Z';
const EARLIER = '2026-01-01T00:00:00Z';

function pool(name: string, cidr: string, { disabled = false, conditions }: Options = {}): IPPool {
  return {
    metadata: { name, generation: 2, creationTimestamp: EARLIER },
    spec: { cidr, disabled },
    ...(conditions !== undefined && { status: { conditions } }),
  };
}

interface Options {
  readonly disabled?: boolean;
  readonly conditions?: Condition[];
}

const said = (more: Partial<Condition> = {}): Condition => ({
  type: 'Allocatable',
  status: 'True',
  reason: 'Enabled',
  message: 'new addresses are taken from this pool',
  observedGeneration: 2,
  lastTransitionTime: EARLIER,
  ...more,
});
const OTHER: Condition = { type: 'example.com/Seen', status: 'True', reason: 'Seen', message: '' };

describe('judgePools', () => {
  const pools = [
    pool('a', '10.8.0.0/16'),
    pool('b', '10.8.9.0/24'),
    pool('c', '10.9.0.0/16', { disabled: true }),
    pool('d', '10.9.9.0/24', { disabled: true }),
  ];

  it('says of each pool whether addresses are taken from it, and else why not', () => {
    expect(
      judgePools(pools).map(({ pool: { metadata }, reason, message }) => [metadata.name, reason, message]),
    ).toEqual([
      ['a', 'Enabled', 'new addresses are taken from this pool'],
      ['b', 'Overlaps', '10.8.9.0/24 overlaps 10.8.0.0/16 of the older pool a'],
      ['c', 'Disabled', 'spec.disabled is true'],
      ['d', 'Disabled', 'spec.disabled is true; and 10.9.9.0/24 overlaps 10.9.0.0/16 of the older pool c'],
    ]);
  });

  it('says True of exactly the pools that IPAM takes addresses from', () => {
    const named = judgePools(pools).filter(({ status }) => status === 'True');
    expect(named.map((finding) => finding.pool)).toEqual(usablePools(pools, 'workload'));
    expect(named).toHaveLength(1);
  });
});

describe('isSaid', () => {
  it.each([
    { name: 'the same', condition: said(), expected: true },
    { name: 'nothing', condition: undefined, expected: false },
    { name: 'another status', condition: said({ status: 'False' }), expected: false },
    { name: 'another reason', condition: said({ reason: 'Disabled' }), expected: false },
    { name: 'another message', condition: said({ message: 'as ever' }), expected: false },
    { name: 'it of an earlier spec', condition: said({ observedGeneration: 1 }), expected: false },
    { name: 'it of no spec in particular', condition: { ...OTHER, type: 'Allocatable' }, expected: false },
  ])('is $expected for a pool that says $name', ({ condition, expected }) => {
    const subject = pool('a', '10.8.0.0/16', { conditions: condition === undefined ? [] : [OTHER, condition] });
    const [finding] = judgePools([subject]);
    expect(finding && isSaid(subject, finding)).toBe(expected);
  });
});

describe('conditionsWith', () => {
  const written = (conditions?: Condition[]): Condition[] =>
    judgePools([pool('a', '10.8.0.0/16', conditions && { conditions })]).flatMap((finding) =>
      conditionsWith(finding, NOW),
    );

  it('begins the list', () => {
    expect(written()).toEqual([said({ lastTransitionTime: NOW })]);
  });

  it('keeps what others say, and its own place among them', () => {
    expect(written([OTHER])).toEqual([OTHER, said({ lastTransitionTime: NOW })]);
    expect(written([said({ observedGeneration: 1 }), OTHER])).toEqual([said(), OTHER]);
  });

  it('counts a transition only from one status to the other', () => {
    const times = [said({ reason: 'Other' }), said({ status: 'False' }), said({ status: 'Unknown' })].map(
      (before) => written([before])[0]?.lastTransitionTime,
    );
    expect(times).toEqual([EARLIER, NOW, NOW]);
  });
});
