export * from './conditions.ts';
export * from './ipam.ts';
export * from './json-merge-patch.ts';
export * from './kinds.ts';
export * from './kubernetes.ts';
export * from './meta.ts';
export * from './validate-ip-pool.ts';
export * from './yaml-mistake.ts';
