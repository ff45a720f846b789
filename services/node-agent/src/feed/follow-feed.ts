import { FeedError } from '@margay/feed-core';
import type { Clock, Logger } from '@margay/ports';
import { keepTrying } from '@margay/runtime';
import { decodeFeedBatch, encodeSubscribe, type ServiceClient, serverStream } from '@margay/wire';
import type { FeedState } from './feed-state.ts';

export interface FollowFeedOptions {
  readonly client: ServiceClient<'margay.feed.v1.Feed'>;
  readonly node: string;
  readonly feed: FeedState;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Keeps the replica up to date until the signal aborts: subscribes from where
 * it stands, and again with backoff when the stream ends. A lost stream
 * changes nothing in the replica.
 */
export async function followFeed({ client, node, feed, clock, logger, signal }: FollowFeedOptions): Promise<void> {
  let fromStart = false;
  await keepTrying(
    async (_, succeeded) => {
      const { replica } = feed;
      replica.begin();
      const from = fromStart ? undefined : replica.position;
      const request = encodeSubscribe({ node, ...(from && { from }) });
      try {
        for await (const message of serverStream(client, 'subscribe', request, { signal })) {
          if (!feed.connected) logger.info({ resumed: from !== undefined }, 'feed connected');
          feed.setConnected(true);
          if (!feed.receive(decodeFeedBatch(message))) continue;
          fromStart = false;
          succeeded();
        }
        logger.info({}, 'the feed ended; subscribing again');
      } catch (error) {
        if (error instanceof FeedError) fromStart = true;
        throw error;
      } finally {
        feed.setConnected(false);
      }
    },
    { name: 'feed', clock, logger, signal, initialMs: 100, maxMs: 1_000 },
  );
}
