export * from './plugin-path.ts';
export * from './protocol.ts';
export * from './server.ts';
