// Original file: proto/margay/feed/v1/feed.proto

import type { EncapsulationModeInput as _margay_feed_v1_EncapsulationModeInput, EncapsulationMode as _margay_feed_v1_EncapsulationMode } from '../../../margay/feed/v1/EncapsulationMode.ts';

export interface PoolInput {
  'cidr'?: (string);
  'ipipMode'?: (_margay_feed_v1_EncapsulationModeInput);
  'natOutgoing'?: (boolean);
  'disabled'?: (boolean);
}

export interface Pool {
  'cidr': (string);
  'ipipMode': (_margay_feed_v1_EncapsulationMode);
  'natOutgoing': (boolean);
  'disabled': (boolean);
}
