import { parseAddress, parseCidr } from '@margay/ip';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, allocationsOf, type BlockSpec, isEmpty, newBlock, release } from './block.ts';

const CIDR = parseCidr('10.8.1.0/30');
const taker = (handle: string) => ({ handle, attributes: { node: 'node-1' } });

describe('allocate', () => {
  it('reuses an address as late as possible', () => {
    let block = newBlock(CIDR, 'node-1', 7);
    const seen: string[] = [];
    for (let round = 0; round < 5; round++) {
      const taken = allocate(block, [taker(`h${round}`)]);
      seen.push(taken.given[0] as string);
      block = release(
        taken.block,
        taken.given.map((address) => ({ address })),
      ).block;
    }
    expect(seen).toEqual(['10.8.1.0', '10.8.1.1', '10.8.1.2', '10.8.1.3', '10.8.1.0']);
  });

  it('uses the first and the last address of a block', () => {
    const { given, block } = allocate(newBlock(CIDR, 'node-1', 0), ['a', 'b', 'c', 'd', 'e'].map(taker));
    expect(given).toEqual(['10.8.1.0', '10.8.1.1', '10.8.1.2', '10.8.1.3']);
    expect(allocate(block, [taker('f')]).given).toEqual([]);
  });
});

describe('release', () => {
  it('frees nothing for a handle that no longer has the address', () => {
    const { block } = allocate(newBlock(CIDR, 'node-1', 0), [taker('new')]);
    const address = parseAddress('10.8.1.0');
    expect(release(block, [{ address, handle: 'old' }])).toEqual({ block, released: [], refused: [address] });
  });

  it('frees an address once, though it is named twice', () => {
    const { block } = allocate(newBlock(CIDR, 'node-1', 0), [taker('a')]);
    const address = parseAddress('10.8.1.0');
    const result = release(block, [{ address }, { address }]);
    expect(result.released).toEqual([address]);
    expect(result.block.unallocated).toEqual([1, 2, 3, 0]);
  });
});

describe('a block', () => {
  it('never gives an address twice and never loses one', () => {
    const step = fc.oneof(
      fc.record({ take: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ free: fc.integer({ min: 0, max: 7 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const cidr = parseCidr('10.8.1.0/29');
        let block: BlockSpec = newBlock(cidr, 'node-1', 0);
        const held = new Map<string, string>();
        for (const action of steps) {
          const before = JSON.stringify(block);
          const old = block;
          if ('take' in action) {
            const result = allocate(block, [taker(action.take)]);
            for (const address of result.given) {
              expect(held.has(address)).toBe(false);
              held.set(address, action.take);
            }
            block = result.block;
          } else {
            const address = parseAddress(`10.8.1.${action.free}`);
            const result = release(block, [{ address }]);
            expect(result.released.length === 1).toBe(held.delete(address));
            block = result.block;
          }
          expect(JSON.stringify(old)).toBe(before);
          const listed = allocationsOf(block).map(({ address, handle }) => [address, handle]);
          expect(new Map(listed as [string, string][])).toEqual(held);
          expect(
            new Set([...block.unallocated, ...block.allocations.flatMap((a, i) => (a === null ? [] : [i]))]).size,
          ).toBe(8);
          expect(isEmpty(block)).toBe(held.size === 0);
        }
      }),
    );
  });
});
