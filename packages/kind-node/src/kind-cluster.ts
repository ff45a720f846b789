import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClusterConfig, renderConfig } from './cluster-config.ts';
import { type ClusterName, parseClusterName } from './cluster-name.ts';
import { type ClusterContainer, deleteCluster, listContainers } from './containers.ts';
import { explainFailure } from './explain-failure.ts';
import { KindError } from './kind-error.ts';
import { waitForNodes } from './node-status.ts';
import { identifyProcess } from './process-identity.ts';
import { Programs } from './programs.ts';
import { type OnProgress, ProgressClock } from './progress.ts';
import { type Reaped, reapAbandoned } from './reap.ts';
import { type ClusterRecord, defaultStateFolder, RecordFolder } from './records.ts';
import type { Ended } from './run-program.ts';
import { StartedKindCluster } from './started-cluster.ts';

/** Where kind and Docker are found, and where this library keeps its records. */
export interface HostOptions {
  /** For kind and Docker, the PATH among it; this process's own by default. */
  readonly env?: NodeJS.ProcessEnv;
  /** `$XDG_STATE_HOME/kind-node` by default. */
  readonly stateFolder?: string;
}

export interface KindClusterOptions extends ClusterConfig, HostOptions {
  readonly name: string;
  /** The node image; kind's own choice by default. */
  readonly image?: string;
  /**
   * How long nodes may take, once they run, to be Ready, 120 by default; with
   * `disableDefaultCNI`, to report to the API.
   */
  readonly waitSeconds?: number;
  /** Leaves a cluster that could not be started for you to look at. */
  readonly keepOnFailure?: boolean;
}

export interface StartOptions {
  /** Ends kind and deletes what there is of the cluster. */
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** For kind itself, 600 s by default: it may have to pull the node image. */
  readonly timeoutMs?: number;
}

/** A cluster to be: describe it, then `start` it. */
export class KindCluster {
  readonly name: ClusterName;
  readonly #config: string;
  readonly #options: KindClusterOptions;
  readonly #programs: Programs;
  readonly #records: RecordFolder;

  /** @throws {KindError} `BAD_NAME`, `BAD_CONFIG` */
  constructor(options: KindClusterOptions) {
    const { name, image, waitSeconds = 120, keepOnFailure, env, stateFolder, ...config } = options;
    this.name = parseClusterName(name);
    if (!(waitSeconds >= 0)) throw new KindError('BAD_CONFIG', 'waitSeconds is negative. Correct it.');
    this.#config = renderConfig(config);
    this.#options = options;
    this.#programs = new Programs(env);
    this.#records = new RecordFolder(stateFolder ?? defaultStateFolder(env));
  }

  /**
   * Creates the cluster and waits for its nodes. On failure and on abort
   * nothing of it stays behind. Your kubeconfig is left alone.
   *
   * @throws {KindError} `NAME_TAKEN`, `CREATE_FAILED`, `NODE_NOT_READY`, `ABORTED`, `TIMEOUT` and those of a missing program, image or port.
   */
  async start(options: StartOptions = {}): Promise<StartedKindCluster> {
    const { name } = this;
    const programs = this.#programs;
    const records = this.#records;
    const record = await records.claim(name, programs.env);
    try {
      await this.#refuseForeign(options.signal);
    } catch (error) {
      await records.release(name);
      throw error;
    }
    try {
      const clock = new ProgressClock(options.onProgress);
      await this.#create(record, clock, options);
      const containers = await listContainers(programs, name, options.signal);
      await records.update({ ...record, containerIds: containers.map(({ id }) => id) });
      await this.#wait(containers, clock, options.signal);
      return new StartedKindCluster({ name, containers, programs, records, owned: true });
    } catch (error) {
      throw await this.#undo(error);
    }
  }

  /**
   * A cluster that is there already, whoever made it. It is not owned: only `stop` deletes it.
   * @throws {KindError} `CLUSTER_MISSING`
   */
  static async attach(name: string, { env, stateFolder }: HostOptions = {}): Promise<StartedKindCluster> {
    const cluster = parseClusterName(name);
    const programs = new Programs(env);
    const containers = await listContainers(programs, cluster);
    if (containers.length === 0) {
      throw new KindError(
        'CLUSTER_MISSING',
        `There is no cluster ${name}. \`kind get clusters\` lists those there are.`,
      );
    }
    const records = new RecordFolder(stateFolder ?? defaultStateFolder(env));
    return new StartedKindCluster({ name: cluster, containers, programs, records, owned: false });
  }

  /** Deletes the clusters that ended processes left, and no others. */
  static reapAbandoned({ env, stateFolder }: HostOptions = {}): Promise<readonly Reaped[]> {
    return reapAbandoned(new RecordFolder(stateFolder ?? defaultStateFolder(env)), env ?? process.env);
  }

  async #refuseForeign(signal: AbortSignal | undefined): Promise<void> {
    const there = await listContainers(this.#programs, this.name, signal);
    if (there.length === 0) return;
    const remedy = `Choose another name, or delete it: kind delete cluster --name ${this.name}`;
    throw new KindError('NAME_TAKEN', `There is a cluster ${this.name} already, made by somebody else. ${remedy}`);
  }

  async #create(record: ClusterRecord, clock: ProgressClock, options: StartOptions): Promise<void> {
    const { signal, timeoutMs = 600_000 } = options;
    const { image } = this.#options;
    // Not yours: kind would change its current context.
    const scratch = await this.#records.scratch(this.name);
    // --retain: deleting is ours, since kind would delete by name, be it another's cluster that came between.
    const flags = ['--config', '-', '--retain', '--kubeconfig', join(scratch, 'kubeconfig')];
    const argv = ['create', 'cluster', '--name', this.name, ...flags, ...(image ? ['--image', image] : [])];
    let noted: Promise<void> = Promise.resolve();
    let ended: Ended;
    try {
      ended = await this.#programs.call('kind', argv, {
        stdin: this.#config,
        timeoutMs,
        ownGroup: true,
        onErrorLine: (line) => clock.line(line),
        onSpawn: (pid) => {
          const kind = identifyProcess(pid);
          if (kind) noted = this.#records.update({ ...record, kind });
        },
        ...(signal && { signal }),
      });
    } finally {
      // Whatever happens, no writing of the record may outlive this call.
      await noted;
    }
    await rm(scratch, { recursive: true });
    if (ended.exitCode === 0) return;
    const remedy = 'The output says more; `keepOnFailure` leaves the nodes for you to look at.';
    const doing = `kind create cluster ${this.name}`;
    throw explainFailure({ doing, output: ended.stderr, code: 'CREATE_FAILED', remedy });
  }

  async #wait(
    containers: readonly ClusterContainer[],
    clock: ProgressClock,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { waitSeconds = 120, networking } = this.#options;
    if (waitSeconds === 0) return;
    const stage = networking?.disableDefaultCNI ? 'kubelet' : 'ready';
    const named = (role: string): string[] => containers.filter((one) => one.role === role).map(({ name }) => name);
    const controlPlanes = named('control-plane');
    const nodes = [...controlPlanes, ...named('worker')];
    const detail = `Waiting for ${nodes.length} nodes to be ${stage === 'ready' ? 'Ready' : 'known to the API'}`;
    clock.report({ step: 'wait', state: 'begin', detail });
    const wait = { nodes, controlPlanes, stage, timeoutMs: waitSeconds * 1000 } as const;
    await waitForNodes(this.#programs, { ...wait, ...(signal && { signal }) });
    clock.report({ step: 'wait', state: 'done', detail });
  }

  /** Answers the error to throw, after what was made is gone. */
  async #undo(error: unknown): Promise<unknown> {
    const code = error instanceof KindError ? error.code : undefined;
    // A name that another kind took in between: what is there may be the other's.
    if (code !== 'NAME_TAKEN' && !(this.#options.keepOnFailure && code !== 'ABORTED')) {
      try {
        await deleteCluster(this.#programs, this.name, { interrupted: true });
      } catch (failure) {
        if (code === 'KIND_MISSING') {
          await this.#records.release(this.name);
          return error;
        }
        // The record stays: `reapAbandoned` tries again once this process has ended.
        return new AggregateError([error, failure], `${messageOf(error)} Besides, ${messageOf(failure)}`);
      }
    }
    await this.#records.release(this.name);
    return error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
