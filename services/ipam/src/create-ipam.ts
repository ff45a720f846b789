import type { Server } from '@grpc/grpc-js';
import { allocationsOf } from '@margay/ipam-core';
import { createInformer } from '@margay/kube';
import type { Clock, Logger, ResourceStore } from '@margay/ports';
import type { Health, Metrics } from '@margay/runtime';
import { addService } from '@margay/wire';
import { Assigner } from './assign/assigner.ts';
import { Affinities } from './blocks/affinities.ts';
import { BlockCache } from './blocks/block-cache.ts';
import { BlockWriter } from './blocks/block-writer.ts';
import { Releaser } from './release/releaser.ts';
import { ReserveKeeper } from './reserve/reserve-keeper.ts';
import { IPAM_STATUS, serveIpam } from './serve-ipam.ts';

export interface IpamOptions {
  readonly store: ResourceStore;
  readonly server: Server;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Adds the IPAM service to the server; the result runs until its signal aborts. */
export function createIpam(options: IpamOptions): { run(signal: AbortSignal): Promise<void> } {
  const { store, server, health, metrics, clock, logger, random } = options;
  const cache = new BlockCache();
  const writer = new BlockWriter({ store, cache });
  const affinities = new Affinities({ store });
  const isReady = (): boolean => pools.hasSynced && blocks.hasSynced;
  const onSynced = (): void => health.setReady(isReady());
  const pools = createInformer({ store, kind: 'IPPool', clock, logger, onSynced });
  const blocks = createInformer({
    store,
    kind: 'IPAMBlock',
    clock,
    logger,
    onSynced,
    onChange: ({ type, object }) => {
      if (type === 'upsert') cache.put(object);
      else cache.delete(object.metadata.name, object.metadata.uid);
    },
  });
  const assigner = new Assigner({ cache, writer, affinities, pools: () => pools.list(), clock, random });
  const reserves = new ReserveKeeper({
    cache,
    writer,
    pools: () => pools.list(),
    exhaustedAtMs: () => assigner.exhaustedAtMs,
    clock,
  });
  const releaser = new Releaser({ cache, writer, affinities });
  addService(server, 'margay.ipam.v1.Ipam', serveIpam({ assigner, reserves, releaser, logger, isReady }), {
    errors: IPAM_STATUS,
    onError: (error, method) => {
      logger.warn({ method, reason: error instanceof Error ? error.message : String(error) }, 'Request failed');
    },
  });
  metrics.gauge({
    name: 'margay_ipam_blocks',
    help: 'Address blocks.',
    collect() {
      this.set(cache.list().length);
    },
  });
  metrics.gauge({
    name: 'margay_ipam_allocations_in_use',
    help: 'Addresses that are given out.',
    collect() {
      this.set(cache.list().reduce((sum, { spec }) => sum + allocationsOf(spec).length, 0));
    },
  });
  return {
    run: async (signal): Promise<void> => {
      await Promise.all([pools.run(signal), blocks.run(signal)]);
    },
  };
}
