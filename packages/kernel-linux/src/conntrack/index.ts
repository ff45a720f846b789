export * from './linux-conntrack.ts';
