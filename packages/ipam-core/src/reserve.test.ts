import { parseAddress, parseCidr } from '@margay/ip';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, allocationsOf, type BlockSpec, newBlock, release } from './block.ts';
import { addressesOf, fillUp, handOver, reserveLimit } from './reserve.ts';

const CIDR = parseCidr('10.8.1.0/29');
const RESERVE = 'reserve-node-1';
const taker = (handle: string) => ({ handle, attributes: { node: 'node-1' } });
const address = (ordinal: number) => parseAddress(`10.8.1.${ordinal}`);

describe('handOver', () => {
  it('passes an address of the reserve on, and leaves no trace of the reserve behind', () => {
    const block = fillUp(newBlock(CIDR, 'node-1', 0), taker(RESERVE), 1);
    const { block: next, refused } = handOver(block, RESERVE, [{ address: address(0), taker: taker('pod') }]);
    expect(refused).toEqual([]);
    expect(addressesOf(next, 'pod')).toEqual([address(0)]);
    expect(next.attributes).toEqual([{ handleId: 'pod', secondary: { node: 'node-1' } }]);
  });

  it('changes nothing when it is told again', () => {
    const handovers = [{ address: address(0), taker: taker('pod') }];
    const once = handOver(fillUp(newBlock(CIDR, 'node-1', 0), taker(RESERVE), 2), RESERVE, handovers).block;
    expect(handOver(once, RESERVE, handovers)).toEqual({ block: once, refused: [] });
  });

  it('gives an address that was freed meanwhile, and refuses one that somebody else has', () => {
    const block = allocate(newBlock(CIDR, 'node-1', 0), [taker('other')]).block;
    const { block: next, refused } = handOver(block, RESERVE, [
      { address: address(0), taker: taker('a') },
      { address: address(5), taker: taker('b') },
      { address: parseAddress('10.9.0.1'), taker: taker('c') },
    ]);
    expect(refused).toEqual([address(0), parseAddress('10.9.0.1')]);
    expect(addressesOf(next, 'b')).toEqual([address(5)]);
    expect(next.unallocated).not.toContain(5);
    expect(addressesOf(next, 'other')).toEqual([address(0)]);
  });

  it('with takes, frees and fills in any order never gives an address twice and never loses one', () => {
    const step = fc.oneof(
      fc.record({ fill: fc.integer({ min: 0, max: 8 }) }),
      fc.record({ pass: fc.integer({ min: 0, max: 8 }), to: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ free: fc.integer({ min: 0, max: 7 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let block: BlockSpec = newBlock(CIDR, 'node-1', 0);
        for (const action of steps) {
          const before = JSON.stringify(block);
          const old = block;
          const held = new Map(allocationsOf(block).map((each) => [each.address, each.handle]));
          if ('fill' in action) {
            block = fillUp(block, taker(RESERVE), action.fill);
            const count = addressesOf(block, RESERVE).length;
            expect(count).toBe(Math.max(addressesOf(old, RESERVE).length, Math.min(action.fill, count)));
          } else if ('pass' in action) {
            const target = address(action.pass);
            const result = handOver(block, RESERVE, [{ address: target, taker: taker(action.to) }]);
            const holder = held.get(target);
            const isRefused = action.pass > 7 || ![undefined, RESERVE, action.to].includes(holder);
            expect(result.refused).toEqual(isRefused ? [target] : []);
            if (!isRefused) held.set(target, action.to);
            block = result.block;
            expect(new Map(allocationsOf(block).map((each) => [each.address, each.handle]))).toEqual(held);
          } else {
            block = release(block, [{ address: address(action.free) }]).block;
          }
          expect(JSON.stringify(old)).toBe(before);
          const taken = block.allocations.flatMap((attribute, ordinal) => (attribute === null ? [] : [ordinal]));
          expect([...block.unallocated, ...taken].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
          const used = new Set(block.allocations.filter((attribute) => attribute !== null));
          expect([...used].toSorted()).toEqual(block.attributes.map((_, index) => index));
        }
      }),
    );
  });
});

describe('reserveLimit', () => {
  it('takes an eighth of what is free at most', () => {
    expect([64, 63, 16, 8, 7, 0].map((free) => reserveLimit(8, free))).toEqual([8, 7, 2, 1, 0, 0]);
  });
});
