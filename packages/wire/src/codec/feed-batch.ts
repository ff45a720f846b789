import type { FeedEntry } from '@margay/feed-core';
import type { FeedBatch, FeedBatchInput } from '../generated/margay/feed/v1/FeedBatch.ts';
import type { SubscribeRequest, SubscribeRequestInput } from '../generated/margay/feed/v1/SubscribeRequest.ts';
import { decodeEntry, encodeEntry } from './entry.ts';
import { readCounter, readText, writeCounter } from './fields.ts';

/** `margay.feed.v1.FeedBatch`: a part of a step of a node's feed. */
export interface FeedBatchMessage {
  readonly epoch: string;
  readonly revision: bigint;
  /** First batch of a snapshot: keys that it does not bring are gone once it is complete. */
  readonly snapshotStart: boolean;
  /** The step is whole: apply what was collected. */
  readonly complete: boolean;
  readonly upserts: readonly FeedEntry[];
  /** Keys. */
  readonly removes: readonly string[];
}

/** `margay.feed.v1.SubscribeRequest`; without `from` the answer is a snapshot. */
export interface SubscribeMessage {
  readonly node: string;
  readonly from?: { readonly epoch: string; readonly revision: bigint };
}

export function encodeFeedBatch(batch: FeedBatchMessage): FeedBatchInput {
  return {
    epoch: batch.epoch,
    revision: writeCounter(batch.revision, 'revision'),
    snapshotStart: batch.snapshotStart,
    complete: batch.complete,
    upserts: batch.upserts.map(encodeEntry),
    removes: [...batch.removes],
  };
}

/** @throws {WireError} `BAD_MESSAGE` */
export function decodeFeedBatch(batch: FeedBatch): FeedBatchMessage {
  return {
    epoch: readText(batch.epoch, 'epoch'),
    revision: readCounter(batch.revision, 'revision'),
    snapshotStart: batch.snapshotStart,
    complete: batch.complete,
    upserts: batch.upserts.map(decodeEntry),
    removes: batch.removes,
  };
}

export function encodeSubscribe({ node, from }: SubscribeMessage): SubscribeRequestInput {
  return { node, ...(from && { epoch: from.epoch, revision: writeCounter(from.revision, 'revision') }) };
}

/** @throws {WireError} `BAD_MESSAGE` */
export function decodeSubscribe({ node, epoch, revision }: SubscribeRequest): SubscribeMessage {
  return {
    node: readText(node, 'node'),
    ...(epoch !== '' && { from: { epoch, revision: readCounter(revision, 'revision') } }),
  };
}
