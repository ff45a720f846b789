// Original file: proto/margay/sim/v1/sim.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CaptureChunkInput as _margay_sim_v1_CaptureChunkInput, CaptureChunk as _margay_sim_v1_CaptureChunk } from '../../../margay/sim/v1/CaptureChunk.ts';
import type { CaptureRequestInput as _margay_sim_v1_CaptureRequestInput, CaptureRequest as _margay_sim_v1_CaptureRequest } from '../../../margay/sim/v1/CaptureRequest.ts';
import type { ExecInputInput as _margay_sim_v1_ExecInputInput, ExecInput as _margay_sim_v1_ExecInput } from '../../../margay/sim/v1/ExecInput.ts';
import type { ExecOutputInput as _margay_sim_v1_ExecOutputInput, ExecOutput as _margay_sim_v1_ExecOutput } from '../../../margay/sim/v1/ExecOutput.ts';
import type { GetStatusRequestInput as _margay_sim_v1_GetStatusRequestInput, GetStatusRequest as _margay_sim_v1_GetStatusRequest } from '../../../margay/sim/v1/GetStatusRequest.ts';
import type { ProbeAllRequestInput as _margay_sim_v1_ProbeAllRequestInput, ProbeAllRequest as _margay_sim_v1_ProbeAllRequest } from '../../../margay/sim/v1/ProbeAllRequest.ts';
import type { ProbeRequestInput as _margay_sim_v1_ProbeRequestInput, ProbeRequest as _margay_sim_v1_ProbeRequest } from '../../../margay/sim/v1/ProbeRequest.ts';
import type { ProbeResultInput as _margay_sim_v1_ProbeResultInput, ProbeResult as _margay_sim_v1_ProbeResult } from '../../../margay/sim/v1/ProbeResult.ts';
import type { ShutdownRequestInput as _margay_sim_v1_ShutdownRequestInput, ShutdownRequest as _margay_sim_v1_ShutdownRequest } from '../../../margay/sim/v1/ShutdownRequest.ts';
import type { ShutdownResponseInput as _margay_sim_v1_ShutdownResponseInput, ShutdownResponse as _margay_sim_v1_ShutdownResponse } from '../../../margay/sim/v1/ShutdownResponse.ts';
import type { StartEventInput as _margay_sim_v1_StartEventInput, StartEvent as _margay_sim_v1_StartEvent } from '../../../margay/sim/v1/StartEvent.ts';
import type { StatusInput as _margay_sim_v1_StatusInput, Status as _margay_sim_v1_Status } from '../../../margay/sim/v1/Status.ts';
import type { WatchStartRequestInput as _margay_sim_v1_WatchStartRequestInput, WatchStartRequest as _margay_sim_v1_WatchStartRequest } from '../../../margay/sim/v1/WatchStartRequest.ts';

export interface SimulatorClient extends grpc.Client {
  Capture(argument: _margay_sim_v1_CaptureRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_sim_v1_CaptureChunk>;
  Capture(argument: _margay_sim_v1_CaptureRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_sim_v1_CaptureChunk>;
  capture(argument: _margay_sim_v1_CaptureRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_sim_v1_CaptureChunk>;
  capture(argument: _margay_sim_v1_CaptureRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_sim_v1_CaptureChunk>;
  
  Exec(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_margay_sim_v1_ExecInputInput, _margay_sim_v1_ExecOutput>;
  Exec(options?: grpc.CallOptions): grpc.ClientDuplexStream<_margay_sim_v1_ExecInputInput, _margay_sim_v1_ExecOutput>;
  exec(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_margay_sim_v1_ExecInputInput, _margay_sim_v1_ExecOutput>;
  exec(options?: grpc.CallOptions): grpc.ClientDuplexStream<_margay_sim_v1_ExecInputInput, _margay_sim_v1_ExecOutput>;
  
  GetStatus(argument: _margay_sim_v1_GetStatusRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_Status>): grpc.ClientUnaryCall;
  GetStatus(argument: _margay_sim_v1_GetStatusRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_sim_v1_Status>): grpc.ClientUnaryCall;
  GetStatus(argument: _margay_sim_v1_GetStatusRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_Status>): grpc.ClientUnaryCall;
  GetStatus(argument: _margay_sim_v1_GetStatusRequestInput, callback: grpc.requestCallback<_margay_sim_v1_Status>): grpc.ClientUnaryCall;
  getStatus(argument: _margay_sim_v1_GetStatusRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_Status>): grpc.ClientUnaryCall;
  getStatus(argument: _margay_sim_v1_GetStatusRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_sim_v1_Status>): grpc.ClientUnaryCall;
  getStatus(argument: _margay_sim_v1_GetStatusRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_Status>): grpc.ClientUnaryCall;
  getStatus(argument: _margay_sim_v1_GetStatusRequestInput, callback: grpc.requestCallback<_margay_sim_v1_Status>): grpc.ClientUnaryCall;
  
  Probe(argument: _margay_sim_v1_ProbeRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_ProbeResult>): grpc.ClientUnaryCall;
  Probe(argument: _margay_sim_v1_ProbeRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_sim_v1_ProbeResult>): grpc.ClientUnaryCall;
  Probe(argument: _margay_sim_v1_ProbeRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_ProbeResult>): grpc.ClientUnaryCall;
  Probe(argument: _margay_sim_v1_ProbeRequestInput, callback: grpc.requestCallback<_margay_sim_v1_ProbeResult>): grpc.ClientUnaryCall;
  probe(argument: _margay_sim_v1_ProbeRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_ProbeResult>): grpc.ClientUnaryCall;
  probe(argument: _margay_sim_v1_ProbeRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_sim_v1_ProbeResult>): grpc.ClientUnaryCall;
  probe(argument: _margay_sim_v1_ProbeRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_ProbeResult>): grpc.ClientUnaryCall;
  probe(argument: _margay_sim_v1_ProbeRequestInput, callback: grpc.requestCallback<_margay_sim_v1_ProbeResult>): grpc.ClientUnaryCall;
  
  ProbeAll(argument: _margay_sim_v1_ProbeAllRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_sim_v1_ProbeResult>;
  ProbeAll(argument: _margay_sim_v1_ProbeAllRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_sim_v1_ProbeResult>;
  probeAll(argument: _margay_sim_v1_ProbeAllRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_sim_v1_ProbeResult>;
  probeAll(argument: _margay_sim_v1_ProbeAllRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_sim_v1_ProbeResult>;
  
  Shutdown(argument: _margay_sim_v1_ShutdownRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_ShutdownResponse>): grpc.ClientUnaryCall;
  Shutdown(argument: _margay_sim_v1_ShutdownRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_sim_v1_ShutdownResponse>): grpc.ClientUnaryCall;
  Shutdown(argument: _margay_sim_v1_ShutdownRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_ShutdownResponse>): grpc.ClientUnaryCall;
  Shutdown(argument: _margay_sim_v1_ShutdownRequestInput, callback: grpc.requestCallback<_margay_sim_v1_ShutdownResponse>): grpc.ClientUnaryCall;
  shutdown(argument: _margay_sim_v1_ShutdownRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_ShutdownResponse>): grpc.ClientUnaryCall;
  shutdown(argument: _margay_sim_v1_ShutdownRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_margay_sim_v1_ShutdownResponse>): grpc.ClientUnaryCall;
  shutdown(argument: _margay_sim_v1_ShutdownRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_margay_sim_v1_ShutdownResponse>): grpc.ClientUnaryCall;
  shutdown(argument: _margay_sim_v1_ShutdownRequestInput, callback: grpc.requestCallback<_margay_sim_v1_ShutdownResponse>): grpc.ClientUnaryCall;
  
  WatchStart(argument: _margay_sim_v1_WatchStartRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_sim_v1_StartEvent>;
  WatchStart(argument: _margay_sim_v1_WatchStartRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_sim_v1_StartEvent>;
  watchStart(argument: _margay_sim_v1_WatchStartRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_sim_v1_StartEvent>;
  watchStart(argument: _margay_sim_v1_WatchStartRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_sim_v1_StartEvent>;
  
}

export interface SimulatorHandlers extends grpc.UntypedServiceImplementation {
  Capture: grpc.handleServerStreamingCall<_margay_sim_v1_CaptureRequest, _margay_sim_v1_CaptureChunkInput>;
  
  Exec: grpc.handleBidiStreamingCall<_margay_sim_v1_ExecInput, _margay_sim_v1_ExecOutputInput>;
  
  GetStatus: grpc.handleUnaryCall<_margay_sim_v1_GetStatusRequest, _margay_sim_v1_StatusInput>;
  
  Probe: grpc.handleUnaryCall<_margay_sim_v1_ProbeRequest, _margay_sim_v1_ProbeResultInput>;
  
  ProbeAll: grpc.handleServerStreamingCall<_margay_sim_v1_ProbeAllRequest, _margay_sim_v1_ProbeResultInput>;
  
  Shutdown: grpc.handleUnaryCall<_margay_sim_v1_ShutdownRequest, _margay_sim_v1_ShutdownResponseInput>;
  
  WatchStart: grpc.handleServerStreamingCall<_margay_sim_v1_WatchStartRequest, _margay_sim_v1_StartEventInput>;
  
}

export interface SimulatorDefinition extends grpc.ServiceDefinition {
  Capture: MethodDefinition<_margay_sim_v1_CaptureRequestInput, _margay_sim_v1_CaptureChunkInput, _margay_sim_v1_CaptureRequest, _margay_sim_v1_CaptureChunk>
  Exec: MethodDefinition<_margay_sim_v1_ExecInputInput, _margay_sim_v1_ExecOutputInput, _margay_sim_v1_ExecInput, _margay_sim_v1_ExecOutput>
  GetStatus: MethodDefinition<_margay_sim_v1_GetStatusRequestInput, _margay_sim_v1_StatusInput, _margay_sim_v1_GetStatusRequest, _margay_sim_v1_Status>
  Probe: MethodDefinition<_margay_sim_v1_ProbeRequestInput, _margay_sim_v1_ProbeResultInput, _margay_sim_v1_ProbeRequest, _margay_sim_v1_ProbeResult>
  ProbeAll: MethodDefinition<_margay_sim_v1_ProbeAllRequestInput, _margay_sim_v1_ProbeResultInput, _margay_sim_v1_ProbeAllRequest, _margay_sim_v1_ProbeResult>
  Shutdown: MethodDefinition<_margay_sim_v1_ShutdownRequestInput, _margay_sim_v1_ShutdownResponseInput, _margay_sim_v1_ShutdownRequest, _margay_sim_v1_ShutdownResponse>
  WatchStart: MethodDefinition<_margay_sim_v1_WatchStartRequestInput, _margay_sim_v1_StartEventInput, _margay_sim_v1_WatchStartRequest, _margay_sim_v1_StartEvent>
}
