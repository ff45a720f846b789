import type { Feed, FeedEntry } from '@margay/feed-core';
import type { Logger } from '@margay/ports';
import { unlessAborted } from '@margay/runtime';
import { CallError, decodeSubscribe, encodeFeedBatch, type ServiceHandlers } from '@margay/wire';
import type { Subscribers } from './subscribers.ts';

/** Entries of one message: large enough to be cheap, small enough that a slow link shows early. */
const BATCH_ENTRIES = 500;

export interface ServeFeedOptions {
  readonly feed: Feed;
  /** Names this process's feed: revisions of another one mean nothing here. */
  readonly epoch: string;
  readonly subscribers: Subscribers;
  readonly logger: Logger;
  /** False until the whole cluster is known: nothing may be called complete before. */
  readonly isReady: () => boolean;
}

/**
 * `margay.feed.v1.Feed`. Each stream has a position and no queue: when it can
 * take more, it gets what changed since, the latest values only.
 */
export function serveFeed(options: ServeFeedOptions): ServiceHandlers<'margay.feed.v1.Feed'> {
  const { feed, epoch, subscribers, logger, isReady } = options;
  return {
    subscribe: async (request, writer, { signal }): Promise<void> => {
      const { node, from } = decodeSubscribe(request);
      if (!isReady()) throw new CallError('UNAVAILABLE', 'this fanout does not know the cluster yet; try again');
      using wake = subscribers.add();
      const either = AbortSignal.any([signal, subscribers.over]);
      let position = from?.epoch === epoch ? from.revision : undefined;
      logger.info({ node, resumed: position !== undefined }, 'Node subscribed');
      for (;;) {
        either.throwIfAborted();
        const delta = position === undefined ? undefined : feed.since(node, position);
        const snapshot = delta === undefined;
        const revision = feed.revision;
        const upserts = delta?.upserts ?? feed.snapshot(node);
        const removes = delta?.removes ?? [];
        // The first answer is sent even if nothing changed: it tells the node that it is in sync.
        if (snapshot || wake.first || upserts.length + removes.length > 0) {
          for (const batch of batches(upserts, removes)) {
            const message = encodeFeedBatch({
              epoch,
              revision,
              snapshotStart: snapshot && batch.first,
              complete: batch.last,
              ...batch.content,
            });
            await unlessAborted(writer.write(message), either);
          }
          subscribers.sent(upserts.length + removes.length);
        }
        position = revision;
        await wake.next(either);
      }
    },
  };
}

interface Batch {
  readonly first: boolean;
  readonly last: boolean;
  readonly content: { readonly upserts: readonly FeedEntry[]; readonly removes: readonly string[] };
}

/** At least one batch, so that a step without content still says that it is complete. */
function* batches(upserts: readonly FeedEntry[], removes: readonly string[]): Generator<Batch> {
  const count = Math.max(1, Math.ceil(upserts.length / BATCH_ENTRIES), Math.ceil(removes.length / BATCH_ENTRIES));
  for (let index = 0; index < count; index++) {
    const from = index * BATCH_ENTRIES;
    yield {
      first: index === 0,
      last: index === count - 1,
      content: {
        upserts: upserts.slice(from, from + BATCH_ENTRIES),
        removes: removes.slice(from, from + BATCH_ENTRIES),
      },
    };
  }
}
