// Original file: proto/margay/feed/v1/feed.proto

import type { SetTypeInput as _margay_feed_v1_SetTypeInput, SetType as _margay_feed_v1_SetType } from '../../../margay/feed/v1/SetType.ts';

export interface AddressSetInput {
  'id'?: (string);
  'type'?: (_margay_feed_v1_SetTypeInput);
}

export interface AddressSet {
  'id': (string);
  'type': (_margay_feed_v1_SetType);
}
