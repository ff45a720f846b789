// Original file: proto/margay/policy/v1/policy.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ViewBatchInput as _margay_policy_v1_ViewBatchInput, ViewBatch as _margay_policy_v1_ViewBatch } from '../../../margay/policy/v1/ViewBatch.ts';
import type { WatchRequestInput as _margay_policy_v1_WatchRequestInput, WatchRequest as _margay_policy_v1_WatchRequest } from '../../../margay/policy/v1/WatchRequest.ts';

export interface PolicyViewsClient extends grpc.Client {
  Watch(argument: _margay_policy_v1_WatchRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_policy_v1_ViewBatch>;
  Watch(argument: _margay_policy_v1_WatchRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_policy_v1_ViewBatch>;
  watch(argument: _margay_policy_v1_WatchRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_policy_v1_ViewBatch>;
  watch(argument: _margay_policy_v1_WatchRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_policy_v1_ViewBatch>;
  
}

export interface PolicyViewsHandlers extends grpc.UntypedServiceImplementation {
  Watch: grpc.handleServerStreamingCall<_margay_policy_v1_WatchRequest, _margay_policy_v1_ViewBatchInput>;
  
}

export interface PolicyViewsDefinition extends grpc.ServiceDefinition {
  Watch: MethodDefinition<_margay_policy_v1_WatchRequestInput, _margay_policy_v1_ViewBatchInput, _margay_policy_v1_WatchRequest, _margay_policy_v1_ViewBatch>
}
