export * from './linux-firewall-mark.ts';
