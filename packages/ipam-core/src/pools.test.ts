import { parseCidr } from '@margay/ip';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { affinityName, blockName } from './names.ts';
import { blockWalk, usablePools } from './pools.ts';

const pool = (name: string, spec: object = {}) => ({
  metadata: { name },
  spec: { cidr: '10.8.0.0/22', blockSize: 24, ...spec },
});

describe('blockWalk', () => {
  it('visits every block of the pool once', () => {
    fc.assert(
      fc.property(fc.string(), (node) => {
        const blocks = [...blockWalk(pool('p'), node)];
        expect([...blocks].sort()).toEqual(['10.8.0.0/24', '10.8.1.0/24', '10.8.2.0/24', '10.8.3.0/24']);
      }),
    );
  });

  it('starts at different places for different nodes', () => {
    const starts = Array.from({ length: 40 }, (_, index) => blockWalk(pool('p'), `node-${index}`).next().value);
    expect(new Set(starts).size).toBe(4);
  });
});

describe('usablePools', () => {
  it('leaves disabled pools out, and unencapsulated ones for a tunnel', () => {
    const pools = [
      pool('b', { cidr: '10.9.0.0/22', ipipMode: 'Always' }),
      pool('a'),
      pool('c', { cidr: '10.10.0.0/22', ipipMode: 'Always', disabled: true }),
    ];
    expect(usablePools(pools, 'workload').map((each) => each.metadata.name)).toEqual(['a', 'b']);
    expect(usablePools(pools, 'tunnel').map((each) => each.metadata.name)).toEqual(['b']);
  });
});

describe('names', () => {
  it('are readable where they fit', () => {
    expect(blockName(parseCidr('10.8.1.0/26'))).toBe('10-8-1-0-26');
    expect(affinityName('node-1', parseCidr('10.8.1.0/26'))).toBe('node-1-10-8-1-0-26');
  });

  it('stay apart when they are cut', () => {
    const long = 'n'.repeat(252);
    const names = [
      affinityName(`${long}a`, parseCidr('10.8.1.0/26')),
      affinityName(`${long}b`, parseCidr('10.8.1.0/26')),
    ];
    expect(names[0]).not.toBe(names[1]);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(253);
  });
});
