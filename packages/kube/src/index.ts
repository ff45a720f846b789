export * from './client-node-store.ts';
export * from './error.ts';
export * from './informer.ts';
export * from './kubeconfig.ts';
export * from './thin-store.ts';
