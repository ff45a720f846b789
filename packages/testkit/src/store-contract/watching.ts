import type { NetworkPolicy } from '@margay/model';
import type { ResourceStore, WatchEvent } from '@margay/ports';

export type ObjectEvent = Extract<WatchEvent<NetworkPolicy>, { object: unknown }>;

export interface Watched {
  readonly namespace: string;
  readonly resourceVersion: string;
  readonly labelSelector?: string;
}

export interface Watching {
  /** The first so many events. Rejects when the watch ends before. */
  take(wanted: number): Promise<ObjectEvent[]>;
  stop(): Promise<void>;
}

/** A watch that collects in the background, bookmarks aside. */
export function watching(store: ResourceStore, options: Watched): Watching {
  const controller = new AbortController();
  const { signal } = controller;
  const events: ObjectEvent[] = [];
  let notify = (): void => undefined;
  const done = (async () => {
    for await (const event of store.watch('NetworkPolicy', { ...options, signal })) {
      if (event.type !== 'BOOKMARK') events.push(event);
      notify();
    }
  })();
  return {
    async take(wanted) {
      while (events.length < wanted) {
        const more = new Promise<void>((resolve) => {
          notify = resolve;
        });
        await Promise.race([more, done.then(() => Promise.reject(new Error('the watch ended')))]);
      }
      return events.slice(0, wanted);
    },
    async stop() {
      controller.abort();
      await done;
    },
  };
}
