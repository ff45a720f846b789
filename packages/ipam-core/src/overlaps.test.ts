import { describe, expect, it } from 'vitest';
import { overlappingPools } from './overlaps.ts';
import { usablePools } from './pools.ts';

const pool = (name: string, cidr: string, second: number, disabled = false) => ({
  metadata: { name, creationTimestamp: `2026-01-01T00:00:0${second}Z` },
  spec: { cidr, disabled },
});

describe('pools that overlap', () => {
  const old = pool('z-old', '10.8.0.0/16', 1);
  const inside = pool('inside', '10.8.4.0/24', 2);
  const apart = pool('apart', '10.9.0.0/16', 3);

  it('leave the addresses to the oldest, whatever the order', () => {
    for (const pools of [
      [old, inside, apart],
      [apart, inside, old],
    ]) {
      expect(overlappingPools(pools)).toEqual([{ pool: inside, older: old }]);
      expect(usablePools(pools, 'workload')).toEqual([apart, old]);
    }
  });

  it('are told apart by name when they are of one second', () => {
    const twin = { ...inside, metadata: { ...old.metadata, name: 'a-twin' } };
    expect(overlappingPools([old, twin])).toEqual([{ pool: old, older: twin }]);
  });

  it('give nothing while the older one is disabled: it may have given them before', () => {
    expect(usablePools([{ ...old, spec: { ...old.spec, disabled: true } }, inside], 'workload')).toEqual([]);
  });

  it('do not hold up a pool that overlaps only with one that gives nothing', () => {
    const inner = pool('inner', '10.8.0.0/15', 4);
    const beside = pool('beside', '10.9.0.0/24', 5);
    expect(overlappingPools([old, inner, beside]).map((each) => each.pool)).toEqual([inner]);
  });
});
