// Original file: proto/margay/feed/v1/feed.proto

import type { RuleInput as _margay_feed_v1_RuleInput, Rule as _margay_feed_v1_Rule } from '../../../margay/feed/v1/Rule.ts';

export interface PolicyInput {
  'id'?: (string);
  'ingress'?: (_margay_feed_v1_RuleInput)[];
  'egress'?: (_margay_feed_v1_RuleInput)[];
}

export interface Policy {
  'id': (string);
  'ingress': (_margay_feed_v1_Rule)[];
  'egress': (_margay_feed_v1_Rule)[];
}
