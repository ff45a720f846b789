export * from './constants.ts';
export * from './reader.ts';
export * from './socket.ts';
export * from './writer.ts';
