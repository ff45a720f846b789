export * from './named-namespace.ts';
