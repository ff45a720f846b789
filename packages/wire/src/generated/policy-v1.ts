// Original folder: proto/margay/policy/v1

export type * from './margay/policy/v1/PolicyViews.ts';
export type * from './margay/policy/v1/ScopedEntry.ts';
export type * from './margay/policy/v1/SpanChange.ts';
export type * from './margay/policy/v1/ViewBatch.ts';
export type * from './margay/policy/v1/WatchRequest.ts';
