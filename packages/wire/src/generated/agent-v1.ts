// Original folder: proto/margay/agent/v1

export type * from './margay/agent/v1/Applied.ts';
export type * from './margay/agent/v1/Endpoint.ts';
export type * from './margay/agent/v1/Feed.ts';
export type * from './margay/agent/v1/GetStatusRequest.ts';
export type * from './margay/agent/v1/GetStatusResponse.ts';
export type * from './margay/agent/v1/NodeAgent.ts';
