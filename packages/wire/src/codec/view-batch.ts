import type { Scope, ScopedEntry, SpanChange } from '@margay/feed-core';
import type { ScopedEntry as WireEntry } from '../generated/margay/policy/v1/ScopedEntry.ts';
import type { SpanChange as WireSpan } from '../generated/margay/policy/v1/SpanChange.ts';
import type { ViewBatch, ViewBatchInput } from '../generated/margay/policy/v1/ViewBatch.ts';
import { decodeEntry, encodeEntry } from './entry.ts';
import { bad, readMessage } from './fields.ts';

/** `margay.policy.v1.ViewBatch`: a part of a step of the compiled policy. */
export interface ViewBatchMessage {
  /** First batch of a snapshot: what it does not bring is gone once it is complete. */
  readonly snapshotStart: boolean;
  readonly complete: boolean;
  readonly spans: readonly SpanChange[];
  readonly upserts: readonly ScopedEntry[];
  /** Keys. */
  readonly removes: readonly string[];
}

export function encodeViewBatch(batch: ViewBatchMessage): ViewBatchInput {
  return {
    snapshotStart: batch.snapshotStart,
    complete: batch.complete,
    spans: batch.spans.map(({ scope, add, remove }) => ({ scope, add: [...add], remove: [...remove] })),
    upserts: batch.upserts.map(({ scope, entry }) => ({ scope, entry: encodeEntry(entry) })),
    removes: [...batch.removes],
  };
}

/** @throws {WireError} `BAD_MESSAGE` */
export function decodeViewBatch(batch: ViewBatch): ViewBatchMessage {
  return {
    snapshotStart: batch.snapshotStart,
    complete: batch.complete,
    spans: batch.spans.map(decodeSpan),
    upserts: batch.upserts.map(decodeScoped),
    removes: batch.removes,
  };
}

function decodeSpan({ scope, add, remove }: WireSpan, index: number): SpanChange {
  return { scope: readScope(scope, `spans[${index}].scope`), add, remove };
}

function decodeScoped({ scope, entry }: WireEntry, index: number): ScopedEntry {
  return {
    scope: readScope(scope, `upserts[${index}].scope`),
    entry: decodeEntry(readMessage(entry, `upserts[${index}].entry`)),
  };
}

function readScope(scope: string, field: string): Scope {
  if (scope !== 'all' && !/^(?:node|policy|set):./su.test(scope)) {
    throw bad(field, `'${scope}' is not all, node:<name>, policy:<id> or set:<id>`);
  }
  return scope as Scope;
}
