// Original file: proto/margay/feed/v1/feed.proto

import type { PolicyListInput as _margay_feed_v1_PolicyListInput, PolicyList as _margay_feed_v1_PolicyList } from '../../../margay/feed/v1/PolicyList.ts';

export interface EndpointInput {
  'namespace'?: (string);
  'pod'?: (string);
  'uid'?: (string);
  'ingress'?: (_margay_feed_v1_PolicyListInput | null);
  'egress'?: (_margay_feed_v1_PolicyListInput | null);
}

export interface Endpoint {
  'namespace': (string);
  'pod': (string);
  'uid': (string);
  'ingress': (_margay_feed_v1_PolicyList | null);
  'egress': (_margay_feed_v1_PolicyList | null);
}
