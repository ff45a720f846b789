// Original file: proto/margay/agent/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface AppliedInput {
  'revision'?: (number | string | Long);
  'error'?: (string);
  'routes'?: (number);
  'policies'?: (number);
  'sets'?: (number);
}

export interface Applied {
  'revision': (number);
  'error': (string);
  'routes': (number);
  'policies': (number);
  'sets': (number);
}
