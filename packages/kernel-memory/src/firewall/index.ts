export * from './memory-firewall.ts';
