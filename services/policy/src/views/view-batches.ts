import type { FeedChanges, ScopedEntry, SpanChange } from '@margay/feed-core';
import type { ViewBatchMessage } from '@margay/wire';

/** Most entries of a batch, so that a message stays far below gRPC's limit of 4 MiB. */
export const MAX_BATCH_ENTRIES = 500;

/** How many node names of a span count as one entry. */
const NODES_PER_ENTRY = 20;

/** One step as messages; the last one is `complete`, and there is at least one. */
export function* viewBatches(
  step: FeedChanges,
  { snapshot }: { readonly snapshot: boolean },
): Generator<ViewBatchMessage> {
  let batch = emptyBatch(snapshot);
  let size = 0;
  for (const part of partsOf(step)) {
    if (size > 0 && size + part.size > MAX_BATCH_ENTRIES) {
      yield { ...batch, complete: false };
      batch = emptyBatch(false);
      size = 0;
    }
    size += part.size;
    part.addTo(batch);
  }
  yield { ...batch, complete: true };
}

interface Batch {
  readonly snapshotStart: boolean;
  readonly spans: SpanChange[];
  readonly upserts: ScopedEntry[];
  readonly removes: string[];
}

interface Part {
  /** In entries. */
  readonly size: number;
  addTo(batch: Batch): void;
}

function emptyBatch(snapshotStart: boolean): Batch {
  return { snapshotStart, spans: [], upserts: [], removes: [] };
}

function* partsOf({ spans, upserts, removes }: FeedChanges): Generator<Part> {
  for (const span of spans) {
    const size = Math.ceil((span.add.length + span.remove.length) / NODES_PER_ENTRY);
    yield { size, addTo: (batch) => batch.spans.push(span) };
  }
  for (const upsert of upserts) yield { size: sizeOf(upsert), addTo: (batch) => batch.upserts.push(upsert) };
  for (const key of removes) yield { size: 1, addTo: (batch) => batch.removes.push(key) };
}

/** A policy counts its rules, which may be long. */
function sizeOf({ entry }: ScopedEntry): number {
  return entry.kind === 'policy' ? 1 + entry.ingress.length + entry.egress.length : 1;
}
