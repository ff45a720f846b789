// Original file: proto/margay/agent/v1/agent.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetStatusRequestInput as _margay_agent_v1_GetStatusRequestInput, GetStatusRequest as _margay_agent_v1_GetStatusRequest } from '../../../margay/agent/v1/GetStatusRequest.ts';
import type { GetStatusResponseInput as _margay_agent_v1_GetStatusResponseInput, GetStatusResponse as _margay_agent_v1_GetStatusResponse } from '../../../margay/agent/v1/GetStatusResponse.ts';

export interface NodeAgentClient extends grpc.Client {
  GetStatus(argument: _margay_agent_v1_GetStatusRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_agent_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  GetStatus(argument: _margay_agent_v1_GetStatusRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_agent_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  GetStatus(argument: _margay_agent_v1_GetStatusRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_agent_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  GetStatus(argument: _margay_agent_v1_GetStatusRequestInput, callback: grpc.requestCallback<_margay_agent_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  getStatus(argument: _margay_agent_v1_GetStatusRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_agent_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  getStatus(argument: _margay_agent_v1_GetStatusRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_agent_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  getStatus(argument: _margay_agent_v1_GetStatusRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_agent_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  getStatus(argument: _margay_agent_v1_GetStatusRequestInput, callback: grpc.requestCallback<_margay_agent_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  
}

export interface NodeAgentHandlers extends grpc.UntypedServiceImplementation {
  GetStatus: grpc.handleUnaryCall<_margay_agent_v1_GetStatusRequest, _margay_agent_v1_GetStatusResponseInput>;
  
}

export interface NodeAgentDefinition extends grpc.ServiceDefinition {
  GetStatus: MethodDefinition<_margay_agent_v1_GetStatusRequestInput, _margay_agent_v1_GetStatusResponseInput, _margay_agent_v1_GetStatusRequest, _margay_agent_v1_GetStatusResponse>
}
