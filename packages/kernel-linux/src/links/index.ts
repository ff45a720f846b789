export * from './linux-interfaces.ts';
