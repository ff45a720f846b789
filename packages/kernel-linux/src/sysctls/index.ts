export * from './linux-sysctls.ts';
