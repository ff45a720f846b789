export type { ApiServerOptions, ListenAddress } from './options.ts';
export { type ApiServer, startApiServer } from './start-api-server.ts';
