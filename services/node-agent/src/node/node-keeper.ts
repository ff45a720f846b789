import { tryParseAddress } from '@margay/ip';
import { ANNOTATION } from '@margay/model';
import type { Clock, Interfaces, KernelEvents, Logger } from '@margay/ports';
import { chooseNodeAddress, type DetectionMethod } from '@margay/routing-core';
import { createBackoff, createTrigger } from '@margay/runtime';
import { reasonOf } from '../cni/cni-error.ts';
import type { Dataplane } from '../dataplane/dataplane.ts';
import type { FeedState } from '../feed/feed-state.ts';
import type { NodeInstallation } from '../install/node-installation.ts';
import type { Upkeep } from '../install/upkeep.ts';
import { NetworkAvailability } from './network-availability.ts';
import { internalAddressesOf, type NodeRegistration } from './node-registration.ts';
import type { NodeState } from './node-state.ts';
import type { TunnelAddress } from './tunnel-address.ts';
import { watchUnderlay } from './watch-underlay.ts';

/** Between two looks without a cause, milliseconds. */
const LOOK_INTERVAL_MS = 30_000;
/** For one request of IPAM or the API within a look, milliseconds. */
const STEP_TIMEOUT_MS = 10_000;

export interface NodeKeeperOptions {
  readonly nodeName: string;
  readonly detectionMethod: DetectionMethod;
  readonly interfaces: Interfaces;
  readonly events: KernelEvents;
  readonly registration: NodeRegistration;
  readonly tunnelAddress: TunnelAddress;
  readonly node: NodeState;
  readonly feed: FeedState;
  readonly dataplane: Dataplane;
  readonly installation: Pick<NodeInstallation, 'isInPlace' | 'changed'>;
  readonly upkeep: Pick<Upkeep, 'problem' | 'changed'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Keeps the node's own addresses right and known: finds the underlay address,
 * holds a tunnel address while one is needed, and writes both on the Node. The
 * tunnel address is announced only after the tunnel is in the kernel. The
 * Node's condition NetworkUnavailable follows what the node can do.
 */
export async function keepNode(options: NodeKeeperOptions, signal: AbortSignal): Promise<void> {
  const { feed, installation, upkeep, clock, logger } = options;
  const availability = new NetworkAvailability(clock);
  const trigger = createTrigger();
  const backoff = createBackoff({ initialMs: 200, maxMs: 10_000 });
  let seen = '';
  const subscriptions = [
    feed.changed.subscribe(() => {
      const now = whatMatters(options);
      if (now !== seen) trigger.fire();
      seen = now;
    }),
    installation.changed.subscribe(() => trigger.fire()),
    upkeep.changed.subscribe(() => trigger.fire()),
  ];
  const { events, interfaces, node } = options;
  const watching = watchUnderlay({ events, interfaces, node, clock, logger, onChange: () => trigger.fire() }, signal);
  let lastProblem = '';
  try {
    while (!signal.aborted) {
      const { problems, againMs } = await look(options, availability, signal);
      const problem = problems.join('; ');
      if (problem !== lastProblem && problem !== '')
        logger.warn({ reason: problem }, 'the node is not yet as it should be');
      lastProblem = problem;
      if (problem === '') backoff.reset();
      const pauseMs = problem === '' ? Math.min(LOOK_INTERVAL_MS, againMs ?? LOOK_INTERVAL_MS) : backoff.nextMs();
      await firstOf(trigger.wait, (within) => clock.sleep(pauseMs, within), signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    for (const unsubscribe of subscriptions) unsubscribe();
    if (signal.aborted) await watching;
  }
}

/** Changes with everything in the feed that a look depends on: a new stream, the pools, and what the others are told of this node. */
function whatMatters({ feed, nodeName }: NodeKeeperOptions): string {
  const { replica } = feed;
  const pools = [...replica.pools.values()].map(({ cidr, ipipMode }) => `${cidr} ${ipipMode}`);
  return JSON.stringify([feed.connection, feed.live, pools.toSorted(), replica.nodes.get(nodeName)]);
}

async function look(
  options: NodeKeeperOptions,
  availability: NetworkAvailability,
  signal: AbortSignal,
): Promise<{ readonly problems: readonly string[]; readonly againMs: number | undefined }> {
  const { registration, node, dataplane, tunnelAddress } = options;
  const problems: string[] = [];
  let againMs: number | undefined;
  const step = async <T>(what: string, action: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await action();
    } catch (error) {
      if (!signal.aborted) problems.push(`${what}: ${reasonOf(error)}`);
      return undefined;
    }
  };
  const within = (): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(STEP_TIMEOUT_MS)]);
  const object = await step('Node', () => registration.read());
  if (object) {
    await step('node address', async () => {
      const { interfaces, detectionMethod: method } = options;
      const internalAddresses = internalAddressesOf(object);
      const current = node.underlay?.address;
      const question = { method, interfaces: await interfaces.list(), internalAddresses };
      await node.setUnderlay(chooseNodeAddress({ ...question, ...(current && { current }) }));
    });
  }
  const announcedTunnel = tryParseAddress(object?.metadata.annotations?.[ANNOTATION.nodeIpipTunnelAddress] ?? '');
  if (node.isLost && node.tunnelAddress === undefined && announcedTunnel !== undefined && !node.isTunnelGivenUp) {
    await step('tunnel address', () => node.setTunnelAddress(announcedTunnel));
  }
  await step('tunnel address', async () => {
    againMs = await tunnelAddress.reconcile(within());
  });
  const report = await dataplane.pass();
  const { underlay } = node;
  if (object && underlay) {
    // Once announced it stays: a kernel that refuses for a moment is not the others' affair.
    const announced = object.metadata.annotations?.[ANNOTATION.nodeIpipTunnelAddress];
    const isUsable = dataplane.hasTunnel || announced === node.tunnelAddress;
    const facts = { underlay, tunnelAddress: isUsable ? node.tunnelAddress : undefined };
    await step('Node', () => registration.announce(object, facts));
  }
  const verdict = availability.judge(whyUnavailable(options, report.problem));
  if (object && verdict) await step('Node', () => registration.setNetwork(object, verdict));
  // The condition is still to be set: look again soon rather than in half a minute.
  if (underlay && report.problem !== undefined) problems.push(report.problem);
  return { problems, againMs };
}

/** Why the node cannot take pods now, in words; undefined when it can. */
function whyUnavailable(
  { dataplane, feed, installation, upkeep }: NodeKeeperOptions,
  problem: string | undefined,
): string | undefined {
  if (problem !== undefined) return problem;
  if (!dataplane.ready) return dataplane.applied.problem;
  if (!feed.live) return 'the feed has not come since the agent started';
  if (!installation.isInPlace) return 'the network configuration of the container runtime is not in place';
  return upkeep.problem;
}

type Waiting = (signal: AbortSignal) => Promise<void>;

/** Resolves with the first, and ends the other. */
async function firstOf(a: Waiting, b: Waiting, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const within = AbortSignal.any([signal, over.signal]);
  const waits = [a(within), b(within)];
  try {
    await Promise.race(waits);
  } finally {
    over.abort(new Error('the other came first'));
    await Promise.allSettled(waits);
  }
}
