// Original file: proto/margay/feed/v1/feed.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { FeedBatchInput as _margay_feed_v1_FeedBatchInput, FeedBatch as _margay_feed_v1_FeedBatch } from '../../../margay/feed/v1/FeedBatch.ts';
import type { SubscribeRequestInput as _margay_feed_v1_SubscribeRequestInput, SubscribeRequest as _margay_feed_v1_SubscribeRequest } from '../../../margay/feed/v1/SubscribeRequest.ts';

export interface FeedClient extends grpc.Client {
  Subscribe(argument: _margay_feed_v1_SubscribeRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_feed_v1_FeedBatch>;
  Subscribe(argument: _margay_feed_v1_SubscribeRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_feed_v1_FeedBatch>;
  subscribe(argument: _margay_feed_v1_SubscribeRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_feed_v1_FeedBatch>;
  subscribe(argument: _margay_feed_v1_SubscribeRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_margay_feed_v1_FeedBatch>;
  
}

export interface FeedHandlers extends grpc.UntypedServiceImplementation {
  Subscribe: grpc.handleServerStreamingCall<_margay_feed_v1_SubscribeRequest, _margay_feed_v1_FeedBatchInput>;
  
}

export interface FeedDefinition extends grpc.ServiceDefinition {
  Subscribe: MethodDefinition<_margay_feed_v1_SubscribeRequestInput, _margay_feed_v1_FeedBatchInput, _margay_feed_v1_SubscribeRequest, _margay_feed_v1_FeedBatch>
}
