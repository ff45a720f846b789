export * from './constants.ts';
export type { NetlinkSocketOptions } from './open-socket.ts';
export * from './reader.ts';
export * from './socket.ts';
export * from './writer.ts';
