export * from './block.ts';
export * from './error.ts';
export * from './names.ts';
export * from './pools.ts';
