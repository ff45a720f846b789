export * from './memory-filter-tables.ts';
export * from './memory-firewall.ts';
