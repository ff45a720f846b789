// Original file: proto/margay/feed/v1/feed.proto

import type { Long } from '@grpc/proto-loader';

export interface SubscribeRequestInput {
  'node'?: (string);
  'epoch'?: (string);
  'revision'?: (number | string | Long);
}

export interface SubscribeRequest {
  'node': (string);
  'epoch': (string);
  'revision': (number);
}
