export * from './linux-kernel-events.ts';
