export { allocatedAtMs, takerAt } from './allocated-at.ts';
export {
  type Allocation,
  allocate,
  allocationsOf,
  type BlockSpec,
  blockNode,
  isEmpty,
  newBlock,
  type Release,
  release,
  type Taker,
} from './block.ts';
export * from './error.ts';
export * from './names.ts';
export * from './overlaps.ts';
export * from './pools.ts';
export * from './reserve.ts';
