export * from './error.ts';
export type { InterfaceCandidate } from './node-address/candidates.ts';
export * from './node-address/choose-node-address.ts';
export * from './node-address/detection-method.ts';
export * from './plan-network.ts';
export * from './plan-routes.ts';
export * from './route.ts';
export * from './tunnel.ts';
