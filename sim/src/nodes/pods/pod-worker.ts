import type { Pod } from '@margay/model';
import { StoreError } from '@margay/ports';
import { KubeletError, messageOf } from '../error.ts';
import type { NetworkNamespace } from '../native/namespace.ts';
import type { SandboxRecord } from '../sandbox/record.ts';
import type { ContainerReport } from '../status/container-state.ts';
import { PORT_UNSUPPORTED_REASON } from '../status/pod-status.ts';
import { StatusWriter } from '../status/status-writer.ts';
import { StepBackoff } from './backoff.ts';
import { endLeftovers, PodContents } from './contents.ts';
import type { Gate } from './gate.ts';
import { type PodAction, type PodView, planPod } from './plan.ts';
import type { PodManagerOptions } from './pod-manager.ts';
import { gracePeriodSeconds } from './spec.ts';

export interface PodWorkerOptions extends PodManagerOptions {
  /** Shared by all workers: the changes to sandboxes that may run at once. */
  readonly gate: Gate;
  /** Nothing is left of this uid: forget the worker. */
  readonly onIdle: () => void;
  readonly onUnexpected: (error: unknown) => void;
}

/** Carries out the plan for one pod uid, one step after the other. */
export class PodWorker {
  readonly #uid: string;
  readonly #options: PodWorkerOptions;
  readonly #status: StatusWriter;
  #pod: Pod | undefined;
  /** The last object seen, for events and grace after it is gone. */
  #lastPod: Pod | undefined;
  #contents: PodContents | undefined;
  #busy = false;
  #finished = false;
  #stopping = false;
  readonly #backoff = new StepBackoff<PodAction['kind']>();
  #timer: NodeJS.Timeout | undefined;

  constructor(uid: string, options: PodWorkerOptions) {
    this.#uid = uid;
    this.#options = options;
    this.#status = new StatusWriter(options);
  }

  get namespace(): NetworkNamespace | undefined {
    return this.#contents?.namespace;
  }

  setPod(pod: Pod | undefined): void {
    this.#pod = pod;
    this.#lastPod = pod ?? this.#lastPod;
    if (!pod) this.#status.stop();
  }

  /** Looks at what is wanted and what is there, and takes the next step. */
  kick(): void {
    if (this.#busy || this.#stopping) return;
    clearTimeout(this.#timer);
    const action = this.#next();
    if (!action) {
      if (this.#pod) this.#publish();
      else this.#options.onIdle();
      return;
    }
    const waitMs = this.#backoff.waitMs(action.kind, this.#nowMs());
    if (waitMs > 0) {
      this.#timer = setTimeout(() => this.kick(), waitMs);
      return;
    }
    this.#busy = true;
    // Failures are handled inside; only a fault of this program rejects.
    void this.#step(action)
      .catch(this.#options.onUnexpected)
      .finally(() => {
        this.#busy = false;
        this.kick();
      });
  }

  /** What made steps fail may be over: none of them waits any more. */
  retryNow(): void {
    this.#backoff.retryNow();
    this.kick();
  }

  async shutDown(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    this.#status.stop();
    await this.#contents?.stop(SHUTDOWN_GRACE_MS);
  }

  #next(): PodAction | undefined {
    const records = this.#options.records.ofPod(this.#uid);
    const running = new Set(this.#contents ? [this.#contents.containerId] : []);
    const action = planPod(this.#pod && viewOf(this.#pod), records, running);
    return action?.kind === 'finish' && this.#finished ? undefined : action;
  }

  async #step(action: PodAction): Promise<void> {
    try {
      await this.#take(action);
      this.#backoff.succeeded(action.kind);
    } catch (error) {
      this.#backoff.failed(action.kind, this.#nowMs());
      await this.#tell(action, error);
    }
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  #take(action: PodAction): Promise<void> {
    switch (action.kind) {
      case 'start':
        return this.#start();
      case 'resume':
        return this.#resume(action.containerId);
      case 'remove':
        return this.#remove(action.containerId);
      case 'finish':
        return this.#finish();
    }
  }

  async #start(): Promise<void> {
    const pod = this.#pod;
    if (!pod) return;
    const { name, namespace = 'default', annotations = {} } = pod.metadata;
    const record = await this.#options.gate.run(() =>
      this.#options.sandboxes.create({
        namespace,
        pod: name,
        uid: this.#uid,
        hostNetwork: pod.spec?.hostNetwork === true,
        annotations,
      }),
    );
    await this.#run(pod, record);
  }

  async #resume(containerId: string): Promise<void> {
    const record = this.#options.records.get(containerId);
    if (this.#pod && record) await this.#run(this.#pod, record);
  }

  async #run(pod: Pod, record: SandboxRecord): Promise<void> {
    const { clock, events } = this.#options;
    const contents = new PodContents(pod, record, {
      ...this.#options,
      now: () => new Date(clock.nowMs()).toISOString(),
      changed: () => {
        if (this.#contents === contents) this.#publish();
      },
    });
    await contents.start();
    this.#contents = contents;
    this.#publish();
    for (const sentence of contents.unservedPorts()) await events.warn(pod, PORT_UNSUPPORTED_REASON, sentence);
  }

  async #remove(containerId: string): Promise<void> {
    const { records, sandboxes, gate } = this.#options;
    const contents = this.#contents;
    if (contents?.containerId === containerId) {
      // A pod that was forced away has no time left.
      const graceSeconds = this.#pod ? gracePeriodSeconds(this.#pod) : 0;
      this.#contents = undefined;
      await contents.stop(graceSeconds * 1000);
    }
    endLeftovers(records, containerId);
    const record = records.get(containerId);
    if (!record) return;
    await gate.run(() => sandboxes.remove(record));
    if (record.damage === undefined) return;
    const message = `The sandbox was removed, since its record could not be read: ${record.damage}`;
    const pod = this.#pod ?? this.#lastPod;
    if (pod) await this.#options.events.warn(pod, 'SandboxRecordDamaged', message);
  }

  async #finish(): Promise<void> {
    const { name, namespace = 'default' } = this.#pod?.metadata ?? { name: '' };
    this.#status.stop();
    try {
      await this.#options.store.delete('Pod', { name, namespace }, { uid: this.#uid, gracePeriodSeconds: 0 });
    } catch (error) {
      if (!(error instanceof StoreError) || (error.code !== 'NOT_FOUND' && error.code !== 'CONFLICT')) throw error;
    }
    this.#finished = true;
  }

  async #tell(action: PodAction, error: unknown): Promise<void> {
    const { logger, events } = this.#options;
    const pod = this.#pod ?? this.#lastPod;
    const { reason, message } = explain(action, error);
    const name = pod && `${pod.metadata.namespace}/${pod.metadata.name}`;
    logger.warn({ pod: name, uid: this.#uid, step: action.kind, error: message }, 'A pod step failed; trying again');
    if (action.kind === 'start') this.#publish(message);
    if (pod) await events.warn(pod, reason, message);
  }

  /** @param waiting why the containers do not run yet. */
  #publish(waiting = ''): void {
    const pod = this.#pod;
    if (!pod || viewOf(pod).finished || pod.metadata.deletionTimestamp !== undefined) return;
    const contents = this.#contents;
    const record = contents && this.#options.records.get(contents.containerId);
    if (!record && waiting === '') return;
    this.#status.publish(pod, {
      nodeAddress: this.#options.nodeAddress,
      sandbox: record,
      containers: contents?.reports() ?? waitingReports(pod, waiting),
      unservedPorts: contents?.unservedPorts() ?? [],
      now: new Date(this.#options.clock.nowMs()).toISOString(),
    });
  }
}

/** At the end of this process, milliseconds; the commands start again with the next one. */
const SHUTDOWN_GRACE_MS = 1000;

function viewOf({ metadata, status }: Pod): PodView {
  return {
    uid: metadata.uid ?? '',
    deleting: metadata.deletionTimestamp !== undefined,
    finished: status?.phase === 'Succeeded' || status?.phase === 'Failed',
  };
}

function waitingReports(pod: Pod, message: string): ContainerReport[] {
  return (pod.spec?.containers ?? []).map(({ name }) => ({
    name,
    restartCount: 0,
    state: { kind: 'waiting', reason: 'ContainerCreating', message },
  }));
}

/** Reasons as the kubelet gives them, where it has one. */
function explain(action: PodAction, error: unknown): { reason: string; message: string } {
  const text = messageOf(error);
  switch (action.kind) {
    case 'start':
      return error instanceof KubeletError && error.code === 'NO_CONFLIST'
        ? { reason: 'NetworkNotReady', message: `The network is not ready: ${text}` }
        : { reason: 'FailedCreatePodSandBox', message: `Failed to create pod sandbox: ${text}` };
    case 'resume':
      return { reason: 'FailedSync', message: `Cannot start the pod's contents again: ${text}` };
    case 'remove':
      return { reason: 'FailedKillPod', message: `Failed to remove the pod sandbox: ${text}` };
    case 'finish':
      return { reason: 'FailedDelete', message: `Cannot delete the pod: ${text}` };
  }
}
