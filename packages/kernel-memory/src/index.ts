export * from './firewall/index.ts';
export * from './memory-ipip-driver.ts';
export * from './memory-kernel.ts';
export * from './memory-observers.ts';
export type { KernelEvent, MemoryOperation } from './memory-state.ts';
