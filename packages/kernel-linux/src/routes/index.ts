export * from './linux-route-table.ts';
