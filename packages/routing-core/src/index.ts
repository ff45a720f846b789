export * from './choose-node-address.ts';
export * from './error.ts';
export * from './plan-network.ts';
export * from './plan-routes.ts';
export * from './route.ts';
export * from './tunnel.ts';
