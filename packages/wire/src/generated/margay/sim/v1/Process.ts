// Original file: proto/margay/sim/v1/sim.proto

import type { Long } from '@grpc/proto-loader';

export interface ProcessInput {
  'name'?: (string);
  'role'?: (string);
  'node'?: (string);
  'pid'?: (number | string | Long);
  'restarts'?: (number);
  'rssBytes'?: (number | string | Long);
}

export interface Process {
  'name': (string);
  'role': (string);
  'node': (string);
  'pid': (number);
  'restarts': (number);
  'rssBytes': (number);
}
