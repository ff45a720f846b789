// Original folder: proto/margay/ipam/v1

export type * from './margay/ipam/v1/AddressToRelease.ts';
export type * from './margay/ipam/v1/Assignment.ts';
export type * from './margay/ipam/v1/AutoAssignRequest.ts';
export type * from './margay/ipam/v1/AutoAssignResponse.ts';
export type * from './margay/ipam/v1/Handover.ts';
export type * from './margay/ipam/v1/Ipam.ts';
export type * from './margay/ipam/v1/KeepReserveRequest.ts';
export type * from './margay/ipam/v1/KeepReserveResponse.ts';
export type * from './margay/ipam/v1/ReleaseAddressesRequest.ts';
export type * from './margay/ipam/v1/ReleaseAddressesResponse.ts';
export type * from './margay/ipam/v1/ReleaseHandleRequest.ts';
export type * from './margay/ipam/v1/ReleaseHandleResponse.ts';
export type * from './margay/ipam/v1/ReleaseNodeRequest.ts';
export type * from './margay/ipam/v1/ReleaseNodeResponse.ts';
export type * from './margay/ipam/v1/Use.ts';
