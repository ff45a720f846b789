export * from './address-messages.ts';
export * from './constants.ts';
export * from './link-messages.ts';
export * from './netlink-route.ts';
export * from './route-messages.ts';
