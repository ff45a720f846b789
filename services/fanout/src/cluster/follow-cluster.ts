import type { Feed, FeedEntry } from '@margay/feed-core';
import { createInformer, type Informer } from '@margay/kube';
import type { KindName, Resource, ResourceOf } from '@margay/model';
import type { Clock, Logger, ResourceStore } from '@margay/ports';
import { ClusterView } from './cluster-view.ts';
import { nodeEntry, poolEntry, routeEntries } from './entries.ts';

export interface FollowClusterOptions {
  readonly store: ResourceStore;
  readonly feed: Feed;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called after every change of the feed, and when all kinds are known for the first time. */
  readonly onChange: () => void;
}

/** Nodes, pools and blocks of the API, kept as entries of the feed that every node receives. */
export interface ClusterFollower {
  /** True once every kind was listed. */
  readonly hasSynced: boolean;
  run(signal: AbortSignal): Promise<void>;
}

export function followCluster(options: FollowClusterOptions): ClusterFollower {
  const { store, feed, clock, logger, onChange } = options;
  const view = new ClusterView();

  /** What an object says that cannot be read is not taken over: the last good word stays. */
  function take(kind: KindName, object: Resource, entries: () => readonly FeedEntry[]): void {
    try {
      if (feed.apply(view.replace(`${kind}/${object.metadata.name}`, entries()))) onChange();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.error(
        { kind, name: object.metadata.name, reason },
        'This object cannot be read; its last good state stays in force',
      );
    }
  }

  function informer<K extends KindName>(
    kind: K,
    entries: (object: ResourceOf<K>) => readonly FeedEntry[],
  ): Informer<ResourceOf<K>> {
    return createInformer({
      store,
      kind,
      clock,
      logger,
      onSynced: onChange,
      onChange: ({ type, object }) => take(kind, object, () => (type === 'delete' ? [] : entries(object))),
    });
  }

  const informers = [
    informer('Node', (node) => [nodeEntry(node) ?? []].flat()),
    informer('IPPool', (pool) => [poolEntry(pool)]),
    informer('IPAMBlock', routeEntries),
  ];

  return {
    get hasSynced(): boolean {
      return informers.every(({ hasSynced }) => hasSynced);
    },
    run: async (signal): Promise<void> => {
      await Promise.all(informers.map((each) => each.run(signal)));
    },
  };
}
