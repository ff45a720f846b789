export * from './clock.ts';
export * from './endpoints.ts';
export * from './filter-tables.ts';
export * from './kernel.ts';
export * from './logger.ts';
export * from './resource-store.ts';
