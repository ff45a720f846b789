export * from './api-access.ts';
export * from './client-node-store.ts';
export * from './error.ts';
export * from './in-cluster.ts';
export * from './informer.ts';
export * from './kubeconfig.ts';
export type { Transport, TransportRequest, TransportResponse } from './rest/transport.ts';
export * from './thin-store.ts';
