// Original file: proto/margay/sim/v1/sim.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { KubeletProbeRequestInput as _margay_sim_v1_KubeletProbeRequestInput, KubeletProbeRequest as _margay_sim_v1_KubeletProbeRequest } from '../../../margay/sim/v1/KubeletProbeRequest.ts';
import type { ListSandboxesRequestInput as _margay_sim_v1_ListSandboxesRequestInput, ListSandboxesRequest as _margay_sim_v1_ListSandboxesRequest } from '../../../margay/sim/v1/ListSandboxesRequest.ts';
import type { ListSandboxesResponseInput as _margay_sim_v1_ListSandboxesResponseInput, ListSandboxesResponse as _margay_sim_v1_ListSandboxesResponse } from '../../../margay/sim/v1/ListSandboxesResponse.ts';
import type { ProbeResultInput as _margay_sim_v1_ProbeResultInput, ProbeResult as _margay_sim_v1_ProbeResult } from '../../../margay/sim/v1/ProbeResult.ts';

export interface KubeletClient extends grpc.Client {
  ListSandboxes(argument: _margay_sim_v1_ListSandboxesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_ListSandboxesResponse>): grpc.ClientUnaryCall;
  ListSandboxes(argument: _margay_sim_v1_ListSandboxesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_sim_v1_ListSandboxesResponse>): grpc.ClientUnaryCall;
  ListSandboxes(argument: _margay_sim_v1_ListSandboxesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_ListSandboxesResponse>): grpc.ClientUnaryCall;
  ListSandboxes(argument: _margay_sim_v1_ListSandboxesRequestInput, callback: grpc.requestCallback<_margay_sim_v1_ListSandboxesResponse>): grpc.ClientUnaryCall;
  listSandboxes(argument: _margay_sim_v1_ListSandboxesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_ListSandboxesResponse>): grpc.ClientUnaryCall;
  listSandboxes(argument: _margay_sim_v1_ListSandboxesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_sim_v1_ListSandboxesResponse>): grpc.ClientUnaryCall;
  listSandboxes(argument: _margay_sim_v1_ListSandboxesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_ListSandboxesResponse>): grpc.ClientUnaryCall;
  listSandboxes(argument: _margay_sim_v1_ListSandboxesRequestInput, callback: grpc.requestCallback<_margay_sim_v1_ListSandboxesResponse>): grpc.ClientUnaryCall;
  
  Probe(argument: _margay_sim_v1_KubeletProbeRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_ProbeResult>): grpc.ClientUnaryCall;
  Probe(argument: _margay_sim_v1_KubeletProbeRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_sim_v1_ProbeResult>): grpc.ClientUnaryCall;
  Probe(argument: _margay_sim_v1_KubeletProbeRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_ProbeResult>): grpc.ClientUnaryCall;
  Probe(argument: _margay_sim_v1_KubeletProbeRequestInput, callback: grpc.requestCallback<_margay_sim_v1_ProbeResult>): grpc.ClientUnaryCall;
  probe(argument: _margay_sim_v1_KubeletProbeRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_ProbeResult>): grpc.ClientUnaryCall;
  probe(argument: _margay_sim_v1_KubeletProbeRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_sim_v1_ProbeResult>): grpc.ClientUnaryCall;
  probe(argument: _margay_sim_v1_KubeletProbeRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_ProbeResult>): grpc.ClientUnaryCall;
  probe(argument: _margay_sim_v1_KubeletProbeRequestInput, callback: grpc.requestCallback<_margay_sim_v1_ProbeResult>): grpc.ClientUnaryCall;
  
}

export interface KubeletHandlers extends grpc.UntypedServiceImplementation {
  ListSandboxes: grpc.handleUnaryCall<_margay_sim_v1_ListSandboxesRequest, _margay_sim_v1_ListSandboxesResponseInput>;
  
  Probe: grpc.handleUnaryCall<_margay_sim_v1_KubeletProbeRequest, _margay_sim_v1_ProbeResultInput>;
  
}

export interface KubeletDefinition extends grpc.ServiceDefinition {
  ListSandboxes: MethodDefinition<_margay_sim_v1_ListSandboxesRequestInput, _margay_sim_v1_ListSandboxesResponseInput, _margay_sim_v1_ListSandboxesRequest, _margay_sim_v1_ListSandboxesResponse>
  Probe: MethodDefinition<_margay_sim_v1_KubeletProbeRequestInput, _margay_sim_v1_ProbeResultInput, _margay_sim_v1_KubeletProbeRequest, _margay_sim_v1_ProbeResult>
}
