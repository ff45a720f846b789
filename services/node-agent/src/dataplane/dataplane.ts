import type { Clock, Kernel, Logger } from '@margay/ports';
import { IPIP_DEVICE, type NetworkPlan } from '@margay/routing-core';
import { createBackoff } from '@margay/runtime';
import type { EndpointRecord } from '../endpoints/endpoint-record.ts';
import type { EndpointStore } from '../endpoints/endpoint-store.ts';
import type { FeedState } from '../feed/feed-state.ts';
import type { NodeState } from '../node/node-state.ts';
import type { NodeChanges } from '../state/node-changes.ts';
import { FirewallKeeper } from './firewall-keeper.ts';
import { followKernelEvents } from './follow-kernel-events.ts';
import type { LinkKeeper } from './link-keeper.ts';
import { NetworkPlanner } from './network-planner.ts';
import { ensureForwarding } from './node-sysctls.ts';
import { RouteKeeper } from './route-keeper.ts';
import { SavedMark } from './saved-mark.ts';
import { TunnelKeeper } from './tunnel-keeper.ts';

/** Time between two comparisons of what was applied with what the kernel has, milliseconds. */
const VERIFY_INTERVAL_MS = 5_000;
/** The kernel tells of this agent's own changes too: how long to gather them, milliseconds. */
const EVENT_PAUSE_MS = 250;

export interface DataplaneOptions {
  readonly nodeName: string;
  readonly stateDir: string;
  readonly kernel: Kernel;
  readonly feed: FeedState;
  readonly endpoints: EndpointStore;
  readonly node: NodeState;
  readonly links: LinkKeeper;
  readonly changes: Pick<NodeChanges, 'noteSysctl'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onPass?: (report: PassReport) => void;
}

/** How one pass ended; with a problem, what could be applied was. */
export interface PassReport {
  readonly problem?: string;
  readonly seconds: number;
}

/** What the kernel holds, as of the last pass. */
export interface AppliedState {
  readonly revision: bigint;
  readonly problem: string;
  readonly routes: number;
  readonly policies: number;
  readonly sets: number;
  readonly ipipDriver: string;
}

/**
 * The one writer of the node's routes, tunnel and firewall. Every pass takes
 * the whole desired state, from the feed and the pods of this node, and makes
 * the kernel hold it; who wants something applied asks for a pass, and many
 * who ask at once share one.
 *
 * Closed at start: a pod gets its route only after the kernel holds its
 * policy. Until the feed has come, what an earlier process left in the kernel
 * stays as it is; only what is not there at all is made from the disk.
 */
export class Dataplane {
  readonly #options: DataplaneOptions;
  readonly #planner: NetworkPlanner;
  #next: { readonly deferred: PromiseWithResolvers<PassReport>; verify: boolean } | undefined;
  #running = false;
  readonly #firewall: FirewallKeeper;
  readonly #tunnel: TunnelKeeper;
  readonly #routes: RouteKeeper;
  #isRouted = false;
  #plan: NetworkPlan | undefined;
  #applied: AppliedState = { revision: 0n, problem: 'not started', routes: 0, policies: 0, sets: 0, ipipDriver: '' };

  constructor(options: DataplaneOptions) {
    this.#options = options;
    this.#planner = new NetworkPlanner(options.nodeName);
    const { kernel, feed, endpoints } = options;
    const savedMark = new SavedMark(options.stateDir);
    this.#firewall = new FirewallKeeper({ firewall: kernel.firewall, savedMark, feed, endpoints });
    this.#tunnel = new TunnelKeeper(kernel);
    this.#routes = new RouteKeeper(kernel.routes);
  }

  get applied(): AppliedState {
    return this.#applied;
  }

  /** The plan of the last pass; undefined before this node knows the cluster and itself. */
  get plan(): NetworkPlan | undefined {
    return this.#plan;
  }

  /** True once the kernel held everything that was wanted. */
  get ready(): boolean {
    return this.#firewall.isClosed && this.#isRouted;
  }

  /** True while the kernel has the tunnel that was wanted last. */
  get hasTunnel(): boolean {
    return this.#tunnel.isHeld;
  }

  /** True when the kernel holds a policy and a route of exactly this record's pod. */
  holds(record: EndpointRecord): boolean {
    return this.#firewall.admits(record) && this.#routes.has(record);
  }

  /** Resolves with the first pass that begins after this call. Never rejects. */
  pass({ verify = false }: { readonly verify?: boolean } = {}): Promise<PassReport> {
    this.#next ??= { deferred: Promise.withResolvers<PassReport>(), verify: false };
    if (verify) this.#next.verify = true;
    const { promise } = this.#next.deferred;
    if (!this.#running) {
      this.#running = true;
      void this.#work();
    }
    return promise;
  }

  /** Keeps the kernel right until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { feed, endpoints, node, clock, logger, kernel, links } = this.#options;
    const backoff = createBackoff({ initialMs: 100, maxMs: VERIFY_INTERVAL_MS });
    let retrying = false;
    const look = async (verify: boolean): Promise<void> => {
      const report = await this.pass({ verify });
      if (report.problem === undefined) backoff.reset();
      if (report.problem === undefined || retrying || signal.aborted) return;
      retrying = true;
      await sleepQuietly(clock, backoff.nextMs(), signal);
      retrying = false;
      if (!signal.aborted) await look(true);
    };
    const subscriptions = [feed.changed, endpoints.changed, node.changed].map((change) =>
      change.subscribe(() => void look(false)),
    );
    const periodically = async (): Promise<void> => {
      while (!signal.aborted) {
        await look(true);
        await sleepQuietly(clock, VERIFY_INTERVAL_MS, signal);
      }
    };
    // Apart from the passes: these wait as long as anything is wrong on the node.
    const inPods = async (): Promise<void> => {
      while (!signal.aborted) {
        await links.repairPods(clock, signal);
        await sleepQuietly(clock, VERIFY_INTERVAL_MS, signal);
      }
    };
    const onEvent = async (): Promise<void> => {
      await sleepQuietly(clock, EVENT_PAUSE_MS, signal);
      if (!signal.aborted) await look(true);
    };
    try {
      await Promise.all([
        periodically(),
        inPods(),
        followKernelEvents({ events: kernel.events, clock, logger, onEvent }, signal),
      ]);
    } finally {
      for (const unsubscribe of subscriptions) unsubscribe();
    }
  }

  async #work(): Promise<void> {
    // One turn later, so that everyone of this turn shares the pass.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#next) {
      const { deferred, verify } = this.#next;
      this.#next = undefined;
      const startedMs = this.#options.clock.monotonicMs();
      const problem = await this.#pass(verify);
      const seconds = (this.#options.clock.monotonicMs() - startedMs) / 1_000;
      this.#report(problem);
      const report = { seconds, ...(problem !== undefined && { problem }) };
      this.#options.onPass?.(report);
      deferred.resolve(report);
    }
    this.#running = false;
  }

  #report(problem: string | undefined): void {
    const before = this.#applied.problem;
    this.#applied = { ...this.#applied, problem: problem ?? '' };
    if (problem === before || (problem === undefined && before === '')) return;
    if (problem === undefined) this.#options.logger.info({}, 'the kernel holds what this node wants');
    else this.#options.logger.warn({ reason: problem }, 'the kernel does not yet hold what this node wants');
  }

  /** Returns what is wrong, in one sentence, or undefined. */
  async #pass(verify: boolean): Promise<string | undefined> {
    const { feed, node, endpoints, kernel, links, changes } = this.#options;
    const { replica } = feed;
    const { underlay, tunnelAddress } = node;
    const isLinked = (record: EndpointRecord): boolean => links.exists(record);
    const problems: string[] = [];
    const step = async (what: string, action: () => Promise<void>): Promise<boolean> => {
      try {
        await action();
        return true;
      } catch (error) {
        problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
        return false;
      }
    };
    if (verify) await step('sysctl', () => ensureForwarding(kernel.sysctls, changes));
    // What was here may have no saved feed, and no node address: it is closed all the same.
    await step('firewall', () => this.#firewall.keep(endpoints.all().filter(isLinked), { verify }));
    if (!replica.inSync) return [...problems, 'the cluster state has not reached this node yet'].join('; ');
    if (!underlay) return [...problems, "this node's own address is not known yet"].join('; ');

    if (verify) await step('pod links', () => links.mend());
    const { revision, live } = feed;
    // Records that came during this pass are not admitted yet.
    const pods = endpoints.all().filter((record) => isLinked(record) && this.#firewall.admits(record));
    const plan = this.#planner.plan({ replica, underlay, tunnelAddress, pods });
    const tunnel = plan.ipip;
    const tunnelReady = await step('IP-in-IP', async () => {
      if (tunnel) await this.#tunnel.keep(tunnel, { live, verify });
    });
    const routes = tunnelReady ? plan.routes : plan.routes.filter(({ device }) => device !== IPIP_DEVICE);
    const routed = await step('routes', () => this.#routes.keep(routes, { live, verify }));
    this.#isRouted ||= routed;
    if (routed && !tunnel && node.isTunnelGivenUp) await step('IP-in-IP', () => this.#tunnel.remove());
    if (!live && endpoints.all().some((record) => !this.#firewall.admits(record))) {
      problems.push('the feed has not come since the agent started; some pods wait for it');
    }
    this.#plan = plan;
    this.#applied = {
      ...this.#applied,
      ...this.#firewall.counts,
      revision: problems.length === 0 && this.#firewall.isWritten ? revision : this.#applied.revision,
      routes: routed ? routes.length : this.#applied.routes,
      ipipDriver: tunnel ? kernel.ipip.driver : '',
    };
    return problems.length === 0 ? undefined : problems.join('; ');
  }
}

async function sleepQuietly(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
