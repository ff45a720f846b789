import type { Clock, Conntrack, Logger, PodLinks } from '@margay/ports';
import { KeyedLock } from '@margay/runtime';
import { CNI_CODE, CniError, reasonOf } from '../cni/cni-error.ts';
import type { PodIdentity, PodName } from '../cni/pod-identity.ts';
import type { Dataplane } from '../dataplane/dataplane.ts';
import type { LinkKeeper } from '../dataplane/link-keeper.ts';
import { type EndpointRecord, linkSpecOf, podDevice } from '../endpoints/endpoint-record.ts';
import type { EndpointStore } from '../endpoints/endpoint-store.ts';
import type { FeedState } from '../feed/feed-state.ts';
import type { PodAddresses } from '../ipam/pod-addresses.ts';
import type { NodeState } from '../node/node-state.ts';
import { addFailure, type Progress } from './add-failure.ts';
import type { PodAnnotations } from './pod-annotations.ts';

/** How long DEL waits for the Pod's annotation before it frees the address, milliseconds. */
const CLEAR_WAIT_MS = 500;
/** Between two looks at a kernel that refuses, milliseconds. */
const ADMIT_RETRY_MS = 50;
/** For freeing an address, milliseconds. */
const RELEASE_TIMEOUT_MS = 5_000;

export interface PodNetworkOptions {
  readonly podLinks: PodLinks;
  readonly node: Pick<NodeState, 'underlay' | 'tunnelAddress'>;
  readonly conntrack: Conntrack;
  readonly links: LinkKeeper;
  readonly dataplane: Dataplane;
  readonly endpoints: EndpointStore;
  readonly feed: FeedState;
  readonly addresses: PodAddresses;
  readonly annotations: PodAnnotations;
  readonly clock: Clock;
  readonly logger: Logger;
  /** For an ADD, from its call to the kernel's having the policy. */
  readonly timeoutMs: number;
}

/** One container that is to be connected. */
export interface PodRequest extends PodIdentity {
  readonly network: string;
  readonly containerId: string;
  readonly ifname: string;
  readonly netns: string;
}

/** One container that is to be disconnected; the pod only if the runtime names it. */
export interface ReleaseRequest {
  readonly containerId: string;
  readonly pod?: PodName;
}

/** Connects and disconnects the pods of this node. Calls for one container, or one pod, run one after the other. */
export class PodNetwork {
  readonly #options: PodNetworkOptions;
  readonly #lock = new KeyedLock();
  /** ADDs under way, so that DEL need not wait for their timeout. */
  readonly #adding = new Map<string, AbortController>();

  constructor(options: PodNetworkOptions) {
    this.#options = options;
  }

  /**
   * Connects a container: an address, the pod link, its route and its policy
   * in the kernel, its record on the disk. The same container again gives the
   * same record. On failure nothing is left, and nothing was ever open.
   *
   * @throws {CniError} 11 with what is missing, 8, 7
   */
  async add(request: PodRequest, signal: AbortSignal): Promise<EndpointRecord> {
    const cancel = new AbortController();
    this.#adding.set(request.containerId, cancel);
    const { clock, timeoutMs } = this.#options;
    const deadline = new AbortController();
    void clock.sleep(timeoutMs, deadline.signal).then(
      () => cancel.abort(new Error(`not done within ${timeoutMs / 1_000} s`)),
      () => undefined,
    );
    try {
      const within = AbortSignal.any([signal, cancel.signal]);
      return await this.#lock.run(lockKeys(request.containerId, request), () => this.#add(request, within));
    } finally {
      deadline.abort();
      if (this.#adding.get(request.containerId) === cancel) this.#adding.delete(request.containerId);
    }
  }

  /**
   * Disconnects a container. Idempotent; a newer container of the same pod is
   * not touched.
   *
   * @throws {CniError} 11: the address could not be freed. All else is done, and the same call again frees it.
   */
  async remove({ containerId, pod }: ReleaseRequest): Promise<void> {
    this.#adding.get(containerId)?.abort(new Error('the container was removed meanwhile'));
    const known = pod ?? this.#options.endpoints.get(containerId);
    await this.#lock.run(lockKeys(containerId, known), () => this.#remove(containerId, known));
  }

  async #add(request: PodRequest, signal: AbortSignal): Promise<EndpointRecord> {
    const { endpoints } = this.#options;
    const existing = endpoints.get(request.containerId);
    if (existing && existing.ifname !== request.ifname) {
      throw new CniError(
        CNI_CODE.invalidNetworkConfig,
        `this container is connected already, as ${existing.ifname}: a pod has one Margay interface`,
      );
    }
    if (existing) {
      const repeated = await this.#repeat(existing, request, signal);
      if (repeated) return repeated;
    }
    // The handle has this address: another one would be lost until DEL.
    const progress: Progress = existing ? { address: existing.address } : {};
    try {
      return await this.#connect(request, progress, signal);
    } catch (error) {
      const failure = addFailure({ request, progress, signal, error }, this.#options);
      await this.#rollBack(request, progress);
      throw failure;
    }
  }

  /** The same ADD again: the same answer, once the kernel has all of it. */
  async #repeat(
    existing: EndpointRecord,
    request: PodRequest,
    signal: AbortSignal,
  ): Promise<EndpointRecord | undefined> {
    if (existing.uid !== request.uid || existing.netns !== request.netns) return undefined;
    if ((await this.#options.podLinks.check(linkSpecOf(existing))).length > 0) {
      await this.#options.podLinks.remove(existing.device);
      return undefined;
    }
    try {
      await this.#admit(existing, signal);
    } catch (error) {
      throw addFailure({ request, progress: { address: existing.address }, signal, error }, this.#options);
    }
    return existing;
  }

  async #connect(request: PodRequest, progress: Progress, signal: AbortSignal): Promise<EndpointRecord> {
    const { addresses, endpoints, feed, links, annotations, node } = this.#options;
    signal.throwIfAborted();
    const policyKnown = feed.changed.until(() => feed.endpointOf(request), signal);
    policyKnown.catch(() => undefined);
    const address = progress.address ?? (await addresses.assign(request, signal));
    progress.address = address;
    if (address === node.tunnelAddress || address === node.underlay?.address) {
      progress.keepAddress = true;
      throw new Error(`IPAM gave ${address}, which is this node's own address`);
    }
    const holder = endpoints.byAddress(address);
    if (holder && holder.containerId !== request.containerId) {
      throw new Error(`IPAM gave ${address}, which ${holder.namespace}/${holder.pod} has`);
    }
    const device = podDevice(request.namespace, request.pod);
    const mtuBytes = await this.#podMtuBytes(signal);
    const { network, namespace, pod, uid, containerId, ifname, netns } = request;
    const draft = { network, namespace, pod, uid, containerId, ifname, netns, address, device, mtuBytes };
    const link = await links.create(draft);
    progress.device = device;
    const record: EndpointRecord = { ...draft, hostMac: link.hostMac, podMac: link.podMac };
    const displaced = endpoints.byDevice(device);
    progress.record = record;
    endpoints.put(record);
    const durable = endpoints.flush();
    durable.catch(() => undefined);
    if (displaced && displaced.address !== address) await this.#options.conntrack.forget(displaced.address);
    await policyKnown;
    await this.#admit(record, signal);
    await durable;
    // The runtime waits for the answer, nobody for these: they come after it.
    setImmediate(() => {
      void annotations.set(record);
      addresses.settle();
    });
    return record;
  }

  /** Known once this node knows the cluster and itself. Rejects with the signal's reason. */
  async #podMtuBytes(signal: AbortSignal): Promise<number> {
    const { dataplane, clock } = this.#options;
    for (;;) {
      if (dataplane.plan) return dataplane.plan.podMtuBytes;
      await dataplane.pass();
      if (!dataplane.plan) await clock.sleep(ADMIT_RETRY_MS, signal);
    }
  }

  /** Resolves once the kernel holds the record's route and policy. Rejects with the signal's reason. */
  async #admit(record: EndpointRecord, signal: AbortSignal): Promise<void> {
    const { dataplane, feed, clock } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      const report = await dataplane.pass();
      if (dataplane.holds(record)) return;
      signal.throwIfAborted();
      if (report.problem !== undefined) await clock.sleep(ADMIT_RETRY_MS, signal);
      else if (!feed.endpointOf(record)) await feed.changed.until(() => feed.endpointOf(record), signal);
    }
  }

  async #rollBack(request: PodRequest, progress: Progress): Promise<void> {
    const { endpoints, podLinks, dataplane, annotations, logger } = this.#options;
    const attempt = async (what: string, action: () => Promise<unknown>): Promise<void> => {
      try {
        await action();
      } catch (error) {
        logger.warn({ containerId: request.containerId, what, reason: reasonOf(error) }, 'rolling back an ADD failed');
      }
    };
    const { record, device } = progress;
    if (device !== undefined) await attempt('pod link', () => podLinks.remove(device));
    if (record) {
      endpoints.remove(record.containerId);
      await attempt('dataplane', () => dataplane.pass());
      await attempt('record', () => endpoints.flush());
      void annotations.clear(record);
    }
    // An earlier ADD of this container may stand: its pod has the address. One that collides with the node's own
    // stays reserved until DEL, so that nobody is given it meanwhile.
    if (progress.keepAddress) this.#options.addresses.settle();
    if (progress.keepAddress || endpoints.get(request.containerId)) return;
    await attempt('address', () => this.#release(request.containerId));
  }

  async #remove(containerId: string, pod: PodName | undefined): Promise<void> {
    const { endpoints, podLinks, dataplane, conntrack, annotations, clock } = this.#options;
    const record = endpoints.get(containerId);
    const name = record ?? pod;
    if (record) {
      endpoints.remove(containerId);
      try {
        await podLinks.remove(record.device);
      } catch (error) {
        endpoints.put(record);
        throw new CniError(CNI_CODE.tryAgainLater, `the kernel refused: ${reasonOf(error)}`, { cause: error });
      }
    } else if (pod && !endpoints.byDevice(podDevice(pod.namespace, pod.pod))) {
      // An ADD that was cut off before it had a record.
      await podLinks.remove(podDevice(pod.namespace, pod.pod));
    }
    const cleared = name ? annotations.clear({ ...name, containerId }) : Promise.resolve();
    if (record) {
      const durable = endpoints.flush();
      durable.catch(() => undefined);
      await dataplane.pass();
      if (!endpoints.byAddress(record.address)) await conntrack.forget(record.address);
      await durable;
    }
    const enough = new AbortController();
    await Promise.race([cleared, clock.sleep(CLEAR_WAIT_MS, enough.signal).catch(() => undefined)]);
    enough.abort();
    try {
      await this.#release(containerId);
    } catch (error) {
      throw new CniError(
        CNI_CODE.tryAgainLater,
        `the pod is disconnected, but its address is not free yet: ${reasonOf(error)}`,
        {
          cause: error,
        },
      );
    }
  }

  #release(containerId: string): Promise<void> {
    return this.#options.addresses.release(containerId, AbortSignal.timeout(RELEASE_TIMEOUT_MS));
  }
}

function lockKeys(containerId: string, pod: PodName | undefined): string[] {
  return [`container ${containerId}`, ...(pod ? [`pod ${pod.namespace}/${pod.pod}`] : [])];
}
