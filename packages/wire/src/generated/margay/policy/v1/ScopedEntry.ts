// Original file: proto/margay/policy/v1/policy.proto

import type { EntryInput as _margay_feed_v1_EntryInput, Entry as _margay_feed_v1_Entry } from '../../../margay/feed/v1/Entry.ts';

export interface ScopedEntryInput {
  'scope'?: (string);
  'entry'?: (_margay_feed_v1_EntryInput | null);
}

export interface ScopedEntry {
  'scope': (string);
  'entry': (_margay_feed_v1_Entry | null);
}
