// Original file: proto/margay/policy/v1/policy.proto

import type { SpanChangeInput as _margay_policy_v1_SpanChangeInput, SpanChange as _margay_policy_v1_SpanChange } from '../../../margay/policy/v1/SpanChange.ts';
import type { ScopedEntryInput as _margay_policy_v1_ScopedEntryInput, ScopedEntry as _margay_policy_v1_ScopedEntry } from '../../../margay/policy/v1/ScopedEntry.ts';

export interface ViewBatchInput {
  'snapshotStart'?: (boolean);
  'complete'?: (boolean);
  'spans'?: (_margay_policy_v1_SpanChangeInput)[];
  'upserts'?: (_margay_policy_v1_ScopedEntryInput)[];
  'removes'?: (string)[];
}

export interface ViewBatch {
  'snapshotStart': (boolean);
  'complete': (boolean);
  'spans': (_margay_policy_v1_SpanChange)[];
  'upserts': (_margay_policy_v1_ScopedEntry)[];
  'removes': (string)[];
}
