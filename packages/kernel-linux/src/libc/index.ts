export * from './bindings.ts';
export * from './errno.ts';
export * from './namespace.ts';
