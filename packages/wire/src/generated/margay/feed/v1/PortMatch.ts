// Original file: proto/margay/feed/v1/feed.proto

import type { ProtocolInput as _margay_feed_v1_ProtocolInput, Protocol as _margay_feed_v1_Protocol } from '../../../margay/feed/v1/Protocol.ts';

export interface PortMatchInput {
  'protocol'?: (_margay_feed_v1_ProtocolInput);
  'port'?: (number);
}

export interface PortMatch {
  'protocol': (_margay_feed_v1_Protocol);
  'port': (number);
}
