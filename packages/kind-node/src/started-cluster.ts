import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterName } from './cluster-name.ts';
import { type ClusterContainer, deleteCluster, listContainers } from './containers.ts';
import { explainFailure } from './explain-failure.ts';
import type { Programs } from './programs.ts';
import { type OnProgress, ProgressClock } from './progress.ts';
import type { RecordFolder } from './records.ts';
import { StartedNode } from './started-node.ts';

/** A Docker image by name, or a file that `docker save` wrote. */
export type ImageSource = string | { readonly archive: string };

export interface LoadOptions {
  /** Names of nodes; all by default. */
  readonly nodes?: readonly string[];
  /** 300 s by default, for each call of kind. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

export interface KubeconfigOptions {
  /** With the control plane's name on Docker's network, for containers in it. */
  readonly internal?: boolean;
}

export interface ExportedLogs {
  /** What kind could not collect, in its words; empty when it got everything. */
  readonly problems: string;
}

export interface ClusterParts {
  readonly name: ClusterName;
  readonly containers: readonly ClusterContainer[];
  readonly programs: Programs;
  readonly records: RecordFolder;
  /** Whether its end is this process's duty. */
  readonly owned: boolean;
}

/** A cluster that runs. `await using` deletes it at the end of the block. */
export class StartedKindCluster implements AsyncDisposable {
  readonly name: ClusterName;
  readonly #programs: Programs;
  readonly #records: RecordFolder;
  readonly #nodes: readonly StartedNode[];
  #owned: boolean;
  #stopping: Promise<void> | undefined;

  constructor({ name, containers, programs, records, owned }: ClusterParts) {
    this.name = name;
    this.#programs = programs;
    this.#records = records;
    this.#owned = owned;
    const controlPlanes = containers.filter(({ role }) => role === 'control-plane').map((container) => container.name);
    this.#nodes = containers.flatMap((container) => {
      const { role } = container;
      if (role !== 'control-plane' && role !== 'worker') return [];
      return [new StartedNode({ name: container.name, role, containerId: container.id, controlPlanes, programs })];
    });
  }

  /** By name; a load balancer before several control planes is not a node. */
  nodes(): readonly StartedNode[] {
    return this.#nodes;
  }

  /** For the cluster's administrator, as text. */
  kubeconfig({ internal = false }: KubeconfigOptions = {}): Promise<string> {
    const flags = internal ? ['--internal'] : [];
    return this.#programs.check('kind', ['get', 'kubeconfig', '--name', this.name, ...flags]);
  }

  /** Replaces the file in one step, with mode 0600: it holds a key. */
  async writeKubeconfig(path: string, options: KubeconfigOptions = {}): Promise<void> {
    const draft = `${path}.${randomUUID()}`;
    try {
      await writeFile(draft, await this.kubeconfig(options), { mode: 0o600, flag: 'wx' });
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  /** Brings images into the nodes; a pod that uses one must not pull always. @throws {KindError} `IMAGE_MISSING` */
  async loadImages(sources: readonly ImageSource[], options: LoadOptions = {}): Promise<void> {
    const { nodes = [], timeoutMs = 300_000, signal, onProgress } = options;
    const clock = new ProgressClock(onProgress);
    const flags = ['--name', this.name, ...(nodes.length > 0 ? ['--nodes', nodes.join(',')] : [])];
    const call = { timeoutMs, ownGroup: true, onErrorLine: (line: string) => clock.line(line) };
    const images = sources.filter((source) => typeof source === 'string');
    const loads = sources.flatMap((source) => (typeof source === 'string' ? [] : [['image-archive', source.archive]]));
    if (images.length > 0) loads.push(['docker-image', ...images]);
    for (const load of loads) {
      await this.#programs.check('kind', ['load', ...load, ...flags], { ...call, ...(signal && { signal }) });
      clock.report({ step: 'load-image', state: 'done', detail: load.slice(1).join(', ') });
    }
  }

  /**
   * kind's own collection: journals, container logs and versions of every
   * node. What kind got is worth keeping when one program is missing in one
   * node, so that is an answer, not an error.
   * @throws {KindError} when there is nothing of any node.
   */
  async exportLogs(folder: string): Promise<ExportedLogs> {
    const argv = ['export', 'logs', folder, '--name', this.name];
    const { exitCode, stderr } = await this.#programs.call('kind', argv);
    if (exitCode === 0) return { problems: '' };
    if (this.#nodes.some(({ name }) => existsSync(join(folder, name)))) return { problems: stderr };
    const remedy = 'See whether the folder can be written to and the nodes run.';
    throw explainFailure({ doing: 'kind export logs', output: stderr, code: 'COMMAND_FAILED', remedy });
  }

  /** Gives the cluster to the user: neither the end of a block nor `reapAbandoned` deletes it from now on. */
  async keep(): Promise<void> {
    if (this.#owned) await this.#records.release(this.name);
    this.#owned = false;
  }

  /** Deletes the cluster. Calls after the first wait for the same end; after a failure it may be called again. */
  stop(): Promise<void> {
    this.#stopping ??= this.#delete().catch((error: unknown) => {
      this.#stopping = undefined;
      throw error;
    });
    return this.#stopping;
  }

  /** `stop`, unless the cluster is kept. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#owned) await this.stop();
  }

  async #delete(): Promise<void> {
    const there = await listContainers(this.#programs, this.name);
    // Somebody may have deleted it, and made another of that name.
    const ours = there.some(({ id }) => this.#nodes.some(({ containerId }) => containerId === id));
    if (ours) await deleteCluster(this.#programs, this.name);
    if (this.#owned) await this.#records.release(this.name);
    this.#owned = false;
  }
}
