import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { createInformer } from '@margay/kube';
import type { Clock, Logger, ResourceStore } from '@margay/ports';
import type { ServiceHandlers } from '@margay/wire';
import { MessageBuffer } from './native/message.ts';
import { allowPing } from './native/namespace.ts';
import { Reactor } from './native/reactor.ts';
import { NetworkReadiness } from './node/network-readiness.ts';
import { NodeRegistrar } from './node/node-registrar.ts';
import { EventRecorder } from './pods/event-recorder.ts';
import { PodManager } from './pods/pod-manager.ts';
import { Prober } from './probe/prober.ts';
import { RecordStore } from './sandbox/record-store.ts';
import { Sandboxes } from './sandbox/sandboxes.ts';
import { kubeletService } from './server/kubelet-service.ts';

export interface KubeletOptions {
  readonly store: ResourceStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly nodeName: string;
  /** IPv4. */
  readonly nodeAddress: string;
  readonly cniConfDir: string;
  readonly cniBinDirs: readonly string[];
  readonly netnsDir: string;
  readonly stateDir: string;
}

export interface Kubelet {
  readonly service: ServiceHandlers<'margay.sim.v1.Kubelet'>;
  /** Works until the signal aborts, then ends the pods' commands; sandboxes stay. */
  run(signal: AbortSignal): Promise<void>;
  /** True once the pods of this node are known. */
  readonly synced: Promise<void>;
}

/** As Kubernetes' kubelet has it. */
const MAX_PODS = 110;
/** Longest run of one plugin, milliseconds. Source: the kubelet's runtimeRequestTimeout of 2 minutes. */
const PLUGIN_TIMEOUT_MS = 120_000;

/** The kubelet and container runtime of one simulated node. It lives in the node's namespaces. */
export function createKubelet(options: KubeletOptions): Kubelet {
  const { store, clock, logger, nodeName, nodeAddress, stateDir } = options;
  const ended = new AbortController();
  const reactor = new Reactor();
  const message = new MessageBuffer();
  const records = new RecordStore({ dir: join(stateDir, 'sandboxes'), netnsDir: options.netnsDir });
  for (const problem of records.strangers) logger.error({ problem }, 'This is left alone: remove it by hand');
  for (const { damage: problem } of records.list()) {
    if (problem) logger.error({ problem }, 'A sandbox record cannot be read: its sandbox is removed');
  }
  const sandboxes = new Sandboxes({
    records,
    confDir: options.cniConfDir,
    netnsDir: options.netnsDir,
    nodeAddress,
    cni: { binDirs: options.cniBinDirs, cacheDir: join(stateDir, 'cni'), timeoutMs: PLUGIN_TIMEOUT_MS },
  });
  const pods = new PodManager({
    store,
    records,
    sandboxes,
    events: new EventRecorder({ store, clock, logger, nodeName }),
    reactor,
    message,
    clock,
    logger,
    signal: ended.signal,
    nodeAddress,
    logDir: join(stateDir, 'logs'),
  });
  const network = new NetworkReadiness(options.cniConfDir, () => {
    registrar.update();
    pods.retryAll();
  });
  const registrar = new NodeRegistrar({
    store,
    clock,
    logger,
    facts: () => ({
      name: nodeName,
      address: nodeAddress,
      notReady: network.notReady,
      maxPods: MAX_PODS,
      cpus: availableParallelism(),
      memoryBytes: totalmem(),
      now: new Date(clock.nowMs()).toISOString(),
    }),
  });
  const synced = Promise.withResolvers<void>();
  const informer = createInformer({
    store,
    kind: 'Pod',
    clock,
    logger,
    fieldSelector: `spec.nodeName=${nodeName}`,
    onChange: ({ type, object }) => {
      if (type === 'upsert') pods.set(object);
      else pods.delete(object.metadata.uid ?? '');
    },
    onSynced: () => {
      pods.markSynced();
      synced.resolve();
    },
  });
  if (!allowPing()) logger.warn({}, 'Cannot allow ping sockets on this node: icmp probes from it will fail');
  return {
    service: kubeletService({ pods, prober: new Prober({ reactor, message }) }),
    synced: synced.promise,
    async run(signal) {
      await Promise.all([registrar.run(signal), informer.run(signal)]);
      ended.abort(signal.reason);
      network.close();
      await pods.stop();
      reactor.close();
    },
  };
}
