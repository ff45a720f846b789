// Original file: proto/margay/ipam/v1/ipam.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AutoAssignRequestInput as _margay_ipam_v1_AutoAssignRequestInput, AutoAssignRequest as _margay_ipam_v1_AutoAssignRequest } from '../../../margay/ipam/v1/AutoAssignRequest.ts';
import type { AutoAssignResponseInput as _margay_ipam_v1_AutoAssignResponseInput, AutoAssignResponse as _margay_ipam_v1_AutoAssignResponse } from '../../../margay/ipam/v1/AutoAssignResponse.ts';
import type { KeepReserveRequestInput as _margay_ipam_v1_KeepReserveRequestInput, KeepReserveRequest as _margay_ipam_v1_KeepReserveRequest } from '../../../margay/ipam/v1/KeepReserveRequest.ts';
import type { KeepReserveResponseInput as _margay_ipam_v1_KeepReserveResponseInput, KeepReserveResponse as _margay_ipam_v1_KeepReserveResponse } from '../../../margay/ipam/v1/KeepReserveResponse.ts';
import type { ReleaseAddressesRequestInput as _margay_ipam_v1_ReleaseAddressesRequestInput, ReleaseAddressesRequest as _margay_ipam_v1_ReleaseAddressesRequest } from '../../../margay/ipam/v1/ReleaseAddressesRequest.ts';
import type { ReleaseAddressesResponseInput as _margay_ipam_v1_ReleaseAddressesResponseInput, ReleaseAddressesResponse as _margay_ipam_v1_ReleaseAddressesResponse } from '../../../margay/ipam/v1/ReleaseAddressesResponse.ts';
import type { ReleaseHandleRequestInput as _margay_ipam_v1_ReleaseHandleRequestInput, ReleaseHandleRequest as _margay_ipam_v1_ReleaseHandleRequest } from '../../../margay/ipam/v1/ReleaseHandleRequest.ts';
import type { ReleaseHandleResponseInput as _margay_ipam_v1_ReleaseHandleResponseInput, ReleaseHandleResponse as _margay_ipam_v1_ReleaseHandleResponse } from '../../../margay/ipam/v1/ReleaseHandleResponse.ts';
import type { ReleaseNodeRequestInput as _margay_ipam_v1_ReleaseNodeRequestInput, ReleaseNodeRequest as _margay_ipam_v1_ReleaseNodeRequest } from '../../../margay/ipam/v1/ReleaseNodeRequest.ts';
import type { ReleaseNodeResponseInput as _margay_ipam_v1_ReleaseNodeResponseInput, ReleaseNodeResponse as _margay_ipam_v1_ReleaseNodeResponse } from '../../../margay/ipam/v1/ReleaseNodeResponse.ts';

export interface IpamClient extends grpc.Client {
  AutoAssign(argument: _margay_ipam_v1_AutoAssignRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_AutoAssignResponse>): grpc.ClientUnaryCall;
  AutoAssign(argument: _margay_ipam_v1_AutoAssignRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_ipam_v1_AutoAssignResponse>): grpc.ClientUnaryCall;
  AutoAssign(argument: _margay_ipam_v1_AutoAssignRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_AutoAssignResponse>): grpc.ClientUnaryCall;
  AutoAssign(argument: _margay_ipam_v1_AutoAssignRequestInput, callback: grpc.requestCallback<_margay_ipam_v1_AutoAssignResponse>): grpc.ClientUnaryCall;
  autoAssign(argument: _margay_ipam_v1_AutoAssignRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_AutoAssignResponse>): grpc.ClientUnaryCall;
  autoAssign(argument: _margay_ipam_v1_AutoAssignRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_ipam_v1_AutoAssignResponse>): grpc.ClientUnaryCall;
  autoAssign(argument: _margay_ipam_v1_AutoAssignRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_AutoAssignResponse>): grpc.ClientUnaryCall;
  autoAssign(argument: _margay_ipam_v1_AutoAssignRequestInput, callback: grpc.requestCallback<_margay_ipam_v1_AutoAssignResponse>): grpc.ClientUnaryCall;
  
  KeepReserve(argument: _margay_ipam_v1_KeepReserveRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_KeepReserveResponse>): grpc.ClientUnaryCall;
  KeepReserve(argument: _margay_ipam_v1_KeepReserveRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_ipam_v1_KeepReserveResponse>): grpc.ClientUnaryCall;
  KeepReserve(argument: _margay_ipam_v1_KeepReserveRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_KeepReserveResponse>): grpc.ClientUnaryCall;
  KeepReserve(argument: _margay_ipam_v1_KeepReserveRequestInput, callback: grpc.requestCallback<_margay_ipam_v1_KeepReserveResponse>): grpc.ClientUnaryCall;
  keepReserve(argument: _margay_ipam_v1_KeepReserveRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_KeepReserveResponse>): grpc.ClientUnaryCall;
  keepReserve(argument: _margay_ipam_v1_KeepReserveRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_ipam_v1_KeepReserveResponse>): grpc.ClientUnaryCall;
  keepReserve(argument: _margay_ipam_v1_KeepReserveRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_KeepReserveResponse>): grpc.ClientUnaryCall;
  keepReserve(argument: _margay_ipam_v1_KeepReserveRequestInput, callback: grpc.requestCallback<_margay_ipam_v1_KeepReserveResponse>): grpc.ClientUnaryCall;
  
  ReleaseAddresses(argument: _margay_ipam_v1_ReleaseAddressesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseAddressesResponse>): grpc.ClientUnaryCall;
  ReleaseAddresses(argument: _margay_ipam_v1_ReleaseAddressesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseAddressesResponse>): grpc.ClientUnaryCall;
  ReleaseAddresses(argument: _margay_ipam_v1_ReleaseAddressesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseAddressesResponse>): grpc.ClientUnaryCall;
  ReleaseAddresses(argument: _margay_ipam_v1_ReleaseAddressesRequestInput, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseAddressesResponse>): grpc.ClientUnaryCall;
  releaseAddresses(argument: _margay_ipam_v1_ReleaseAddressesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseAddressesResponse>): grpc.ClientUnaryCall;
  releaseAddresses(argument: _margay_ipam_v1_ReleaseAddressesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseAddressesResponse>): grpc.ClientUnaryCall;
  releaseAddresses(argument: _margay_ipam_v1_ReleaseAddressesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseAddressesResponse>): grpc.ClientUnaryCall;
  releaseAddresses(argument: _margay_ipam_v1_ReleaseAddressesRequestInput, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseAddressesResponse>): grpc.ClientUnaryCall;
  
  ReleaseHandle(argument: _margay_ipam_v1_ReleaseHandleRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseHandleResponse>): grpc.ClientUnaryCall;
  ReleaseHandle(argument: _margay_ipam_v1_ReleaseHandleRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseHandleResponse>): grpc.ClientUnaryCall;
  ReleaseHandle(argument: _margay_ipam_v1_ReleaseHandleRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseHandleResponse>): grpc.ClientUnaryCall;
  ReleaseHandle(argument: _margay_ipam_v1_ReleaseHandleRequestInput, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseHandleResponse>): grpc.ClientUnaryCall;
  releaseHandle(argument: _margay_ipam_v1_ReleaseHandleRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseHandleResponse>): grpc.ClientUnaryCall;
  releaseHandle(argument: _margay_ipam_v1_ReleaseHandleRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseHandleResponse>): grpc.ClientUnaryCall;
  releaseHandle(argument: _margay_ipam_v1_ReleaseHandleRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseHandleResponse>): grpc.ClientUnaryCall;
  releaseHandle(argument: _margay_ipam_v1_ReleaseHandleRequestInput, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseHandleResponse>): grpc.ClientUnaryCall;
  
  ReleaseNode(argument: _margay_ipam_v1_ReleaseNodeRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseNodeResponse>): grpc.ClientUnaryCall;
  ReleaseNode(argument: _margay_ipam_v1_ReleaseNodeRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseNodeResponse>): grpc.ClientUnaryCall;
  ReleaseNode(argument: _margay_ipam_v1_ReleaseNodeRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseNodeResponse>): grpc.ClientUnaryCall;
  ReleaseNode(argument: _margay_ipam_v1_ReleaseNodeRequestInput, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseNodeResponse>): grpc.ClientUnaryCall;
  releaseNode(argument: _margay_ipam_v1_ReleaseNodeRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseNodeResponse>): grpc.ClientUnaryCall;
  releaseNode(argument: _margay_ipam_v1_ReleaseNodeRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseNodeResponse>): grpc.ClientUnaryCall;
  releaseNode(argument: _margay_ipam_v1_ReleaseNodeRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseNodeResponse>): grpc.ClientUnaryCall;
  releaseNode(argument: _margay_ipam_v1_ReleaseNodeRequestInput, callback: grpc.requestCallback<_margay_ipam_v1_ReleaseNodeResponse>): grpc.ClientUnaryCall;
  
}

export interface IpamHandlers extends grpc.UntypedServiceImplementation {
  AutoAssign: grpc.handleUnaryCall<_margay_ipam_v1_AutoAssignRequest, _margay_ipam_v1_AutoAssignResponseInput>;
  
  KeepReserve: grpc.handleUnaryCall<_margay_ipam_v1_KeepReserveRequest, _margay_ipam_v1_KeepReserveResponseInput>;
  
  ReleaseAddresses: grpc.handleUnaryCall<_margay_ipam_v1_ReleaseAddressesRequest, _margay_ipam_v1_ReleaseAddressesResponseInput>;
  
  ReleaseHandle: grpc.handleUnaryCall<_margay_ipam_v1_ReleaseHandleRequest, _margay_ipam_v1_ReleaseHandleResponseInput>;
  
  ReleaseNode: grpc.handleUnaryCall<_margay_ipam_v1_ReleaseNodeRequest, _margay_ipam_v1_ReleaseNodeResponseInput>;
  
}

export interface IpamDefinition extends grpc.ServiceDefinition {
  AutoAssign: MethodDefinition<_margay_ipam_v1_AutoAssignRequestInput, _margay_ipam_v1_AutoAssignResponseInput, _margay_ipam_v1_AutoAssignRequest, _margay_ipam_v1_AutoAssignResponse>
  KeepReserve: MethodDefinition<_margay_ipam_v1_KeepReserveRequestInput, _margay_ipam_v1_KeepReserveResponseInput, _margay_ipam_v1_KeepReserveRequest, _margay_ipam_v1_KeepReserveResponse>
  ReleaseAddresses: MethodDefinition<_margay_ipam_v1_ReleaseAddressesRequestInput, _margay_ipam_v1_ReleaseAddressesResponseInput, _margay_ipam_v1_ReleaseAddressesRequest, _margay_ipam_v1_ReleaseAddressesResponse>
  ReleaseHandle: MethodDefinition<_margay_ipam_v1_ReleaseHandleRequestInput, _margay_ipam_v1_ReleaseHandleResponseInput, _margay_ipam_v1_ReleaseHandleRequest, _margay_ipam_v1_ReleaseHandleResponse>
  ReleaseNode: MethodDefinition<_margay_ipam_v1_ReleaseNodeRequestInput, _margay_ipam_v1_ReleaseNodeResponseInput, _margay_ipam_v1_ReleaseNodeRequest, _margay_ipam_v1_ReleaseNodeResponse>
}
