// Original file: proto/margay/feed/v1/feed.proto

import type { EntryInput as _margay_feed_v1_EntryInput, Entry as _margay_feed_v1_Entry } from '../../../margay/feed/v1/Entry.ts';
import type { Long } from '@grpc/proto-loader';

export interface FeedBatchInput {
  'epoch'?: (string);
  'revision'?: (number | string | Long);
  'snapshotStart'?: (boolean);
  'complete'?: (boolean);
  'upserts'?: (_margay_feed_v1_EntryInput)[];
  'removes'?: (string)[];
}

export interface FeedBatch {
  'epoch': (string);
  'revision': (number);
  'snapshotStart': (boolean);
  'complete': (boolean);
  'upserts': (_margay_feed_v1_Entry)[];
  'removes': (string)[];
}
