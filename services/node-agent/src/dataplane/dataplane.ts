import type { EndpointEntry } from '@margay/feed-core';
import { hostCidr } from '@margay/ip';
import type { Clock, Kernel, Logger } from '@margay/ports';
import {
  IPIP_DEVICE,
  type IpipTunnel,
  isEmptyPlan,
  type NetworkPlan,
  POD_LINK_PREFIX,
  planRoutes,
  type Route,
} from '@margay/routing-core';
import { createBackoff } from '@margay/runtime';
import type { EndpointRecord } from '../endpoints/endpoint-record.ts';
import type { EndpointStore } from '../endpoints/endpoint-store.ts';
import type { FeedState } from '../feed/feed-state.ts';
import type { NodeState } from '../node/node-state.ts';
import { firewallModel } from './firewall-model.ts';
import type { LinkKeeper } from './link-keeper.ts';
import { NetworkPlanner } from './network-planner.ts';
import { ensureForwarding } from './node-sysctls.ts';

/** Time between two comparisons of what was applied with what the kernel has, milliseconds. */
const VERIFY_INTERVAL_MS = 5_000;
/** The kernel tells of this agent's own changes too: how long to gather them, milliseconds. */
const EVENT_PAUSE_MS = 250;

export interface DataplaneOptions {
  readonly nodeName: string;
  readonly kernel: Kernel;
  readonly feed: FeedState;
  readonly endpoints: EndpointStore;
  readonly node: NodeState;
  readonly links: LinkKeeper;
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
 * policy. Nothing is touched before a whole snapshot has ever come; and while
 * the snapshot on the disk is older than the pods, the kernel keeps the
 * firewall that it has.
 */
export class Dataplane {
  readonly #options: DataplaneOptions;
  readonly #planner: NetworkPlanner;
  #next: { readonly deferred: PromiseWithResolvers<PassReport>; verify: boolean } | undefined;
  #running = false;
  /** Endpoints of the last model that the kernel took, by device; undefined before the first. */
  #admitted: ReadonlyMap<string, { readonly record: EndpointRecord; readonly entry: EndpointEntry }> | undefined;
  /** Everything that the last model was made from; undefined when the kernel may not hold it. */
  #firewallBasis: readonly unknown[] | undefined;
  /** What the kernel has; undefined when it must be asked. */
  #routes: readonly Route[] | undefined;
  #isRouted = false;
  /** The tunnel in the kernel, as text; '' when it has none, undefined when that is not known. */
  #tunnel: string | undefined;
  #plan: NetworkPlan | undefined;
  #applied: AppliedState = { revision: 0n, problem: 'not started', routes: 0, policies: 0, sets: 0, ipipDriver: '' };

  constructor(options: DataplaneOptions) {
    this.#options = options;
    this.#planner = new NetworkPlanner(options.nodeName);
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
    return this.#admitted !== undefined && this.#isRouted;
  }

  /** True while the kernel has the tunnel that was wanted last. */
  get hasTunnel(): boolean {
    return this.#tunnel !== undefined && this.#tunnel !== '';
  }

  /** True when the kernel holds a policy and a route of exactly this record's pod. */
  holds(record: EndpointRecord): boolean {
    const admitted = this.#admitted?.get(record.device);
    if (admitted?.record !== record || admitted.entry.uid !== record.uid) return false;
    const destination = hostCidr(record.address);
    return (this.#routes ?? []).some((route) => route.destination === destination && route.device === record.device);
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
    const { feed, endpoints, node, clock, logger, kernel } = this.#options;
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
    const onEvents = async (): Promise<void> => {
      while (!signal.aborted) {
        try {
          for await (const _ of kernel.events.watch(signal)) {
            await sleepQuietly(clock, EVENT_PAUSE_MS, signal);
            if (!signal.aborted) await look(true);
          }
        } catch (error) {
          if (!signal.aborted) logger.warn({ reason: String(error) }, 'kernel events ended; watching again');
        }
        await sleepQuietly(clock, EVENT_PAUSE_MS, signal);
      }
    };
    try {
      await Promise.all([periodically(), onEvents()]);
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
    const { feed, node, endpoints, kernel, links } = this.#options;
    const { replica } = feed;
    const { underlay, tunnelAddress } = node;
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
    if (!replica.inSync) return 'the cluster state has not reached this node yet';
    if (!underlay) return "this node's own address is not known yet";

    if (verify) {
      await step('sysctl', () => ensureForwarding(kernel.sysctls));
      await step('pod links', () => links.mend());
    }
    const revision = feed.revision;
    const records = endpoints.all().filter((record) => links.exists(record));
    const held = !feed.live && records.some((record) => !feed.endpointOf(record));
    const plan = this.#planner.plan({ replica, underlay, tunnelAddress, pods: [] });
    if (held) problems.push('the saved feed is older than the pods of this node; waiting for the feed');
    else await step('firewall', () => this.#applyFirewall({ records, plan, verify }));

    const tunnel = plan.ipip;
    const tunnelReady = await step('IP-in-IP', () => this.#applyTunnel(tunnel, verify));
    const admitted = this.#admitted;
    const pods = records.filter(({ device }) => !admitted || admitted.has(device));
    const wanted = this.#planner.plan({ replica, underlay, tunnelAddress, pods }).routes;
    const routes = tunnelReady ? wanted : wanted.filter(({ device }) => device !== IPIP_DEVICE);
    const routed = await step('routes', () => this.#applyRoutes(routes, verify));
    this.#isRouted ||= routed;
    if (routed && !tunnel && this.#tunnel !== '') {
      await step('IP-in-IP', async () => {
        await kernel.ipip.remove(IPIP_DEVICE);
        this.#tunnel = '';
      });
    }
    this.#plan = plan;
    this.#applied = {
      ...this.#applied,
      revision: problems.length === 0 ? revision : this.#applied.revision,
      routes: routed ? routes.length : this.#applied.routes,
      ipipDriver: tunnel ? kernel.ipip.driver : '',
    };
    return problems.length === 0 ? undefined : problems.join('; ');
  }

  async #applyFirewall(input: {
    readonly records: readonly EndpointRecord[];
    readonly plan: NetworkPlan;
    readonly verify: boolean;
  }): Promise<void> {
    const { kernel, feed } = this.#options;
    const { records, plan, verify } = input;
    const isIntact = !verify || (await kernel.firewall.verify());
    const basis = [feed.revision, plan.clusterNetworks, plan.natPools, ...records];
    // Rendering every rule and member is most of the work, and most passes are for something else.
    if (isIntact && this.#firewallBasis && sameItems(basis, this.#firewallBasis)) return;
    this.#firewallBasis = undefined;
    const entryOf = (record: EndpointRecord): EndpointEntry | undefined => feed.endpointOf(record);
    const model = firewallModel({ replica: feed.replica, records, plan, entryOf });
    const admitted = new Map<string, { record: EndpointRecord; entry: EndpointEntry }>();
    for (const record of records) {
      const entry = entryOf(record);
      if (entry) admitted.set(record.device, { record, entry });
    }
    await kernel.firewall.apply(model);
    this.#firewallBasis = basis;
    this.#admitted = admitted;
    this.#applied = { ...this.#applied, policies: model.policies.length, sets: model.sets.length };
  }

  async #applyTunnel(tunnel: IpipTunnel | undefined, verify: boolean): Promise<void> {
    if (!tunnel) return;
    const text = JSON.stringify(tunnel);
    if (text === this.#tunnel && !verify) return;
    this.#tunnel = undefined;
    await this.#options.kernel.ipip.ensure(tunnel);
    this.#tunnel = text;
  }

  async #applyRoutes(wanted: readonly Route[], verify: boolean): Promise<void> {
    const table = this.#options.kernel.routes;
    const actual = verify || !this.#routes ? await table.list() : this.#routes;
    const { upsert, remove } = planRoutes(wanted, actual);
    // The saved feed may lack what the kernel has since: only the feed itself removes another node's routes.
    const isTold = (route: Route): boolean =>
      this.#options.feed.live || (route.device?.startsWith(POD_LINK_PREFIX) ?? false);
    const plan = { upsert, remove: remove.filter(isTold) };
    try {
      if (!isEmptyPlan(plan)) await table.apply(plan);
      this.#routes = [...wanted, ...remove.filter((route) => !isTold(route))];
    } catch (error) {
      this.#routes = undefined;
      this.#routes = await table.list();
      throw error;
    }
  }
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}

async function sleepQuietly(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
