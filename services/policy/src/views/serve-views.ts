import type { FeedChanges } from '@margay/feed-core';
import { unlessAborted } from '@margay/runtime';
import { encodeViewBatch, type ServiceHandlers } from '@margay/wire';
import type { PolicyViews } from './policy-views.ts';
import { viewBatches } from './view-batches.ts';

type Handlers = ServiceHandlers<'margay.policy.v1.PolicyViews'>;
type Writer = Parameters<Handlers['watch']>[1];

/** `PolicyViews.Watch`: the snapshot, then every step, at the reader's pace. */
export function serveViews(views: PolicyViews): Handlers {
  return {
    async watch(_request, writer, { signal }) {
      const { snapshot, watcher } = views.subscribe();
      try {
        await send(snapshot, { writer, over: watcher.over, snapshot: true });
        for await (const step of watcher.steps(signal)) {
          await send(step, { writer, over: watcher.over, snapshot: false });
        }
      } finally {
        views.unsubscribe(watcher);
      }
    },
  };
}

interface Sending {
  readonly writer: Writer;
  readonly over: AbortSignal;
  readonly snapshot: boolean;
}

async function send(step: FeedChanges, { writer, over, snapshot }: Sending): Promise<void> {
  for (const batch of viewBatches(step, { snapshot })) {
    // A reader who takes nothing must not keep the stream from ending.
    await unlessAborted(writer.write(encodeViewBatch(batch)), over);
  }
}
