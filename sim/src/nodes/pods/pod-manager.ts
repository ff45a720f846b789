import type { Pod } from '@margay/model';
import type { Clock, Logger, ResourceStore } from '@margay/ports';
import { KubeletError, messageOf } from '../error.ts';
import type { MessageBuffer } from '../native/message.ts';
import type { NetworkNamespace } from '../native/namespace.ts';
import type { Reactor } from '../native/reactor.ts';
import type { SandboxRecord } from '../sandbox/record.ts';
import type { RecordStore } from '../sandbox/record-store.ts';
import type { Sandboxes } from '../sandbox/sandboxes.ts';
import type { EventRecorder } from './event-recorder.ts';
import { Gate } from './gate.ts';
import { PodWorker } from './pod-worker.ts';

export interface PodManagerOptions {
  readonly store: ResourceStore;
  readonly records: RecordStore;
  readonly sandboxes: Sandboxes;
  readonly events: EventRecorder;
  readonly reactor: Reactor;
  readonly message: MessageBuffer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly nodeAddress: string;
  readonly logDir: string;
}

/** Plugins that run at once, as many as a small machine can use. */
const PARALLEL_SANDBOX_CHANGES = 8;

/** One worker a pod uid; each works on its own, so that one slow pod holds up no other. */
export class PodManager {
  readonly #options: PodManagerOptions;
  readonly #gate = new Gate(PARALLEL_SANDBOX_CHANGES);
  readonly #workers = new Map<string, PodWorker>();
  #synced = false;

  constructor(options: PodManagerOptions) {
    this.#options = options;
  }

  /** The pod is bound to this node, new or changed. */
  set(pod: Pod): void {
    const { uid } = pod.metadata;
    if (uid === undefined) return;
    const worker = this.#worker(uid);
    worker.setPod(pod);
    if (this.#synced) worker.kick();
  }

  /** No such pod is bound to this node any more. */
  delete(uid: string): void {
    const worker = this.#workers.get(uid);
    if (!worker) return;
    worker.setPod(undefined);
    if (this.#synced) worker.kick();
  }

  /** Every pod of this node has been told: from now on, what is not known is gone. */
  markSynced(): void {
    this.#synced = true;
    for (const { uid } of this.#options.records.list()) this.#worker(uid);
    for (const worker of this.#workers.values()) worker.kick();
  }

  /** Something that made steps fail may be over: tries at once. */
  retryAll(): void {
    if (!this.#synced) return;
    for (const worker of this.#workers.values()) worker.retryNow();
  }

  /** Sandboxes that have their addresses. */
  readySandboxes(): SandboxRecord[] {
    return this.#options.records.list().filter(({ state }) => state === 'ready');
  }

  /**
   * Where a pod's connections start.
   *
   * @param name namespace/name
   * @throws {KubeletError} `UNKNOWN_POD`: no such pod runs here.
   */
  namespaceOf(name: string): NetworkNamespace {
    for (const record of this.readySandboxes()) {
      if (`${record.namespace}/${record.pod}` !== name) continue;
      const namespace = this.#workers.get(record.uid)?.namespace;
      if (namespace) return namespace;
    }
    throw new KubeletError('UNKNOWN_POD', `pod ${name} does not run on this node`);
  }

  /** Ends the commands of all pods. Sandboxes stay, for the next process. */
  async stop(): Promise<void> {
    await Promise.all([...this.#workers.values()].map((worker) => worker.shutDown()));
  }

  #worker(uid: string): PodWorker {
    const existing = this.#workers.get(uid);
    if (existing) return existing;
    const worker = new PodWorker(uid, {
      ...this.#options,
      gate: this.#gate,
      onIdle: () => {
        this.#workers.delete(uid);
      },
      onUnexpected: (error) => this.#options.logger.error({ uid, error: messageOf(error) }, 'A pod step failed'),
    });
    this.#workers.set(uid, worker);
    return worker;
  }
}
