import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { Clock, Kernel, Logger, ResourceStore } from '@margay/ports';
import type { DetectionMethod } from '@margay/routing-core';
import type { Metrics } from '@margay/runtime';
import type { ServiceClient, ServiceHandlers } from '@margay/wire';
import { createAgentMetrics } from './agent-metrics.ts';
import { createCniHandler } from './cni/create-cni-handler.ts';
import { KeptSocket } from './cni/kept-socket.ts';
import { Dataplane } from './dataplane/dataplane.ts';
import { LinkKeeper } from './dataplane/link-keeper.ts';
import { ensureForwarding } from './dataplane/node-sysctls.ts';
import { EndpointStore } from './endpoints/endpoint-store.ts';
import { FeedState } from './feed/feed-state.ts';
import { followFeed } from './feed/follow-feed.ts';
import { keepReplicaSaved, loadReplica } from './feed/replica-file.ts';
import { Leftovers } from './garbage/leftovers.ts';
import { notePortmap } from './host-ports/portmap-traces.ts';
import { NodeInstallation } from './install/node-installation.ts';
import { PlacedPrograms } from './install/placed-programs.ts';
import { Upkeep } from './install/upkeep.ts';
import { AddressSource } from './ipam/address-source.ts';
import { PodAddresses } from './ipam/pod-addresses.ts';
import { keepNode } from './node/node-keeper.ts';
import { NodeRegistration } from './node/node-registration.ts';
import { NodeState } from './node/node-state.ts';
import { TunnelAddress } from './node/tunnel-address.ts';
import { PodAnnotations } from './pods/pod-annotations.ts';
import { PodNetwork } from './pods/pod-network.ts';
import { PodUids } from './pods/pod-uids.ts';
import { NodeChanges } from './state/node-changes.ts';
import { savedReplica } from './state/saved-file.ts';
import { handoverDirsOf, STATE_MODE, StateDirectory, takeHandover } from './state/state-directory.ts';
import { statusService } from './status/status-service.ts';

export interface NodeAgentOptions {
  readonly nodeName: string;
  readonly detectionMethod: DetectionMethod;
  readonly cniSocket: string;
  readonly cniBinDir: string;
  readonly cniConfDir: string;
  readonly stateDir: string;
  /** Where the plugins are that the node may lack; undefined: nothing is installed but Margay's own. */
  readonly pluginsDir?: string | undefined;
  /** Plugins that the runtime calls after Margay's. */
  readonly chainedPlugins?: readonly string[];
  /** For an ADD until the kernel holds the pod's policy, milliseconds. */
  readonly policyTimeoutMs: number;
  readonly kernel: Kernel;
  readonly store: ResourceStore;
  readonly ipam: ServiceClient<'margay.ipam.v1.Ipam'>;
  readonly feed: ServiceClient<'margay.feed.v1.Feed'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told whether the node takes pods, once it does, and when that changes. */
  readonly onReady?: (isReady: boolean) => void;
}

export interface NodeAgent {
  readonly service: ServiceHandlers<'margay.agent.v1.NodeAgent'>;
  /** Works until the signal aborts, then ends cleanly and leaves the kernel as it is. Rejects when it cannot work at all. */
  run(): Promise<void>;
}

/**
 * Wires the agent of one node from its options. Reads the state of the last
 * run; nothing is touched before `run`.
 *
 * @throws {Error} the saved endpoints are damaged
 */
export async function createNodeAgent(options: NodeAgentOptions, signal: AbortSignal): Promise<NodeAgent> {
  const { nodeName, stateDir, cniSocket, kernel, store, clock, logger } = options;
  await mkdir(stateDir, { recursive: true, mode: STATE_MODE });
  const { cniBinDir: binDir, cniConfDir: confDir, pluginsDir, chainedPlugins = [] } = options;
  const handoverDirs = handoverDirsOf({ cniSocket, confDir, binDir });
  await takeHandover({ stateDir, handoverDirs, logger });
  const [replica, endpoints, node, changes] = await Promise.all([
    loadReplica(stateDir, logger),
    EndpointStore.load(stateDir),
    NodeState.load({ stateDir, interfaces: kernel.interfaces, logger }),
    NodeChanges.load(stateDir, logger),
  ]);
  const feed = new FeedState(replica);
  const metrics = createAgentMetrics(options.metrics, { feed, endpoints });
  const links = new LinkKeeper({ podLinks: kernel.podLinks, endpoints, logger });
  const onPass = metrics.observePass;
  const dataplane = new Dataplane({
    nodeName,
    stateDir,
    kernel,
    feed,
    endpoints,
    node,
    links,
    changes,
    clock,
    logger,
    onPass,
  });
  const addresses = new AddressSource({ client: options.ipam, node: nodeName, clock });
  const podAddresses = new PodAddresses({
    client: options.ipam,
    source: addresses,
    nodeName,
    feed,
    endpoints,
    clock,
    logger,
  });
  const pods = new PodNetwork({
    node,
    podLinks: kernel.podLinks,
    conntrack: kernel.conntrack,
    links,
    dataplane,
    endpoints,
    feed,
    addresses: podAddresses,
    annotations: new PodAnnotations({ store, clock, logger, signal }),
    clock,
    logger,
    timeoutMs: options.policyTimeoutMs,
  });
  const handle = createCniHandler({
    pods,
    check: {
      endpoints,
      podLinks: kernel.podLinks,
      dataplane,
      addresses,
      podAddresses,
      timeoutMs: options.policyTimeoutMs,
    },
    uids: new PodUids({ store, feed, logger }),
    isNodeNamespace,
    notReady: () => {
      const reason = dataplane.ready ? upkeep.problem : dataplane.applied.problem;
      return reason === undefined ? undefined : `this node is not ready for pods: ${reason}`;
    },
    clock,
    logger,
    onCommand: metrics.observeCommand,
  });

  const programs = new PlacedPrograms({ binDir, stateDir, changes });
  const installation = new NodeInstallation({ binDir, confDir, pluginsDir, chainedPlugins, programs, logger });
  const onError = (error: unknown): void => logger.error({ reason: String(error) }, 'a CNI call failed');
  const socket = new KeptSocket({ socketPath: cniSocket, handle, onError }, logger);
  const feedFile = savedReplica(stateDir, replica);
  const files = [changes.saved, feedFile, node.saved, endpoints.saved];
  const state = new StateDirectory({ stateDir, handoverDirs, files, hasPods: () => endpoints.size > 0, logger });
  const upkeep = new Upkeep({
    parts: [
      { what: 'the state', keep: () => state.keep() },
      { what: 'what the container runtime needs', keep: () => installation.keep() },
      { what: 'the socket', keep: () => socket.keep() },
    ],
    clock,
    logger,
  });
  const leftovers = new Leftovers({
    nodeName,
    store,
    endpoints,
    podLinks: kernel.podLinks,
    links,
    pods,
    clock,
    logger,
  });

  const serveCni = async (): Promise<void> => {
    await socket.keep();
    try {
      await upkeep.run(signal);
    } finally {
      await socket.close();
    }
  };
  const becomeReady = async (): Promise<void> => {
    await installation.installPrograms();
    while (!dataplane.ready) {
      await dataplane.pass();
      if (!dataplane.ready) await clock.sleep(100, signal);
    }
    await installation.installConfiguration();
    logger.info({ pods: endpoints.size }, 'ready for pods');
    const tell = (): void => options.onReady?.(upkeep.problem === undefined);
    tell();
    upkeep.changed.subscribe(tell);
  };

  return {
    service: statusService({ nodeName, node, feed, dataplane, endpoints }),
    async run() {
      await ensureForwarding(kernel.sysctls, changes);
      await notePortmap(kernel.filterTables, changes);
      const settled = (): Promise<unknown> => dataplane.pass();
      const tunnelAddress = new TunnelAddress({ nodeName, node, feed, addresses, settled, clock, logger });
      const registration = new NodeRegistration({ store, name: nodeName, clock });
      const { interfaces, events } = kernel;
      const { detectionMethod } = options;
      await Promise.all([
        dataplane.run(signal),
        followFeed({ client: options.feed, node: nodeName, feed, clock, logger, signal }),
        keepReplicaSaved({ file: feedFile, feed, clock, logger, signal }),
        keepNode(
          {
            nodeName,
            detectionMethod,
            interfaces,
            events,
            registration,
            tunnelAddress,
            node,
            feed,
            dataplane,
            installation,
            upkeep,
            clock,
            logger,
          },
          signal,
        ),
        podAddresses.run(signal),
        leftovers.run(signal),
        serveCni(),
        becomeReady().catch((error: unknown) => {
          if (!signal.aborted) throw error;
        }),
      ]);
    },
  };
}

/** Compared by device and inode: a namespace has many paths. */
function isNodeNamespace(path: string): boolean {
  const own = statSync('/proc/self/ns/net');
  const other = statSync(path, { throwIfNoEntry: false });
  return other !== undefined && other.dev === own.dev && other.ino === own.ino;
}
