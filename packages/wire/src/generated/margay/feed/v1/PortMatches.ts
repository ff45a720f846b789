// Original file: proto/margay/feed/v1/feed.proto

import type { PortMatchInput as _margay_feed_v1_PortMatchInput, PortMatch as _margay_feed_v1_PortMatch } from '../../../margay/feed/v1/PortMatch.ts';

export interface PortMatchesInput {
  'ports'?: (_margay_feed_v1_PortMatchInput)[];
}

export interface PortMatches {
  'ports': (_margay_feed_v1_PortMatch)[];
}
