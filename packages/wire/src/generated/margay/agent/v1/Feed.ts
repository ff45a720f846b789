// Original file: proto/margay/agent/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface FeedInput {
  'connected'?: (boolean);
  'inSync'?: (boolean);
  'epoch'?: (string);
  'revision'?: (number | string | Long);
}

export interface Feed {
  'connected': (boolean);
  'inSync': (boolean);
  'epoch': (string);
  'revision': (number);
}
