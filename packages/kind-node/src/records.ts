import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ClusterName } from './cluster-name.ts';
import { KindError } from './kind-error.ts';
import { identifyProcess, type ProcessIdentity, processState } from './process-identity.ts';

/** What is noted on disk about a cluster while its creator is responsible for it. */
export interface ClusterRecord {
  readonly version: 1;
  readonly name: ClusterName;
  readonly creator: ProcessIdentity;
  /** While it creates the cluster: kind itself, the leader of its own process group. */
  readonly kind?: ProcessIdentity;
  /** The cluster's containers, once they are known. */
  readonly containerIds?: readonly string[];
  /** ISO 8601. */
  readonly createdAt: string;
  /** Which Docker it is in: what DOCKER_HOST and DOCKER_CONTEXT were. */
  readonly dockerHost?: string;
  readonly dockerContext?: string;
}

/** `$XDG_STATE_HOME/kind-node`, by the XDG base directory specification. */
export function defaultStateFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_STATE_HOME || join(homedir(), '.local/state'), 'kind-node');
}

/**
 * One file for each cluster that a living process is responsible for. A file's
 * existence is the lock on the name: it is made whole by one link(2), which
 * fails when there is one. While a reaper works on an abandoned record, the
 * file bears the reaper's process in its name (`NAME@PID-TICKS.json`), and the
 * name stays taken.
 */
export class RecordFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws {KindError} `NAME_TAKEN` */
  async claim(name: ClusterName, env: NodeJS.ProcessEnv): Promise<ClusterRecord> {
    const creator = identifySelf();
    const record: ClusterRecord = {
      version: 1,
      name,
      creator,
      createdAt: new Date().toISOString(),
      ...(env.DOCKER_HOST && { dockerHost: env.DOCKER_HOST }),
      ...(env.DOCKER_CONTEXT && { dockerContext: env.DOCKER_CONTEXT }),
    };
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const draft = await this.#draft(record);
    try {
      await link(draft, this.#path(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      throw taken(name, await this.#read(`${name}.json`));
    } finally {
      await rm(draft);
    }
    if ((await this.#names()).some((file) => file.startsWith(`${name}@`))) {
      await this.release(name);
      throw taken(name, undefined);
    }
    return record;
  }

  async update(record: ClusterRecord): Promise<void> {
    await rename(await this.#draft(record), this.#path(record.name));
  }

  /** For files of the name's holder; goes when the name is released, and when the record is reaped. */
  async scratch(name: ClusterName): Promise<string> {
    const path = this.#scratchPath(name);
    await mkdir(path, { recursive: true, mode: 0o700 });
    return path;
  }

  /** Idempotent. */
  async release(name: ClusterName): Promise<void> {
    await rm(this.#scratchPath(name), { recursive: true, force: true });
    await rm(this.#path(name), { force: true });
  }

  /** Takes every record of a dead process; each is given to one caller only, whoever else looks. */
  async takeAbandoned(): Promise<readonly TakenRecord[]> {
    const all: TakenRecord[] = [];
    for (const file of await this.#names()) {
      const record = await this.#take(file);
      if (record) all.push(record);
    }
    return all;
  }

  async #take(file: string): Promise<TakenRecord | undefined> {
    const before = await this.#read(file);
    if (before === undefined || processState(before.creator) !== 'dead') return undefined;
    // Another reaper has it, unless that one is dead too.
    const reaper = /@(\d+)-(\d+)\.json$/.exec(file);
    if (reaper && identifyProcess(Number(reaper[1]))?.startTicks === Number(reaper[2])) return undefined;
    const { pid, startTicks } = identifySelf();
    const path = join(this.#folder, `${before.name}@${pid}-${startTicks}.json`);
    try {
      await rename(join(this.#folder, file), path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    const record = JSON.parse(await readFile(path, 'utf8')) as ClusterRecord;
    if (processState(record.creator) !== 'dead') {
      // Between our look and our rename the name got a new, living owner: give it back.
      await rename(path, this.#path(record.name));
      return undefined;
    }
    return {
      record,
      done: async () => {
        await rm(this.#scratchPath(record.name), { recursive: true, force: true });
        await rm(path, { force: true });
      },
      giveBack: () => rename(path, this.#path(record.name)),
    };
  }

  #path(name: ClusterName): string {
    return join(this.#folder, `${name}.json`);
  }

  #scratchPath(name: ClusterName): string {
    return join(this.#folder, `.${name}.scratch`);
  }

  async #draft(record: ClusterRecord): Promise<string> {
    const path = join(this.#folder, `.${randomUUID()}.draft`);
    await writeFile(path, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
    return path;
  }

  async #names(): Promise<string[]> {
    try {
      return (await readdir(this.#folder)).filter((file) => /^[a-z0-9].*\.json$/.test(file)).sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  /** Undefined when it is gone, or no record: such a file is never acted on. */
  async #read(file: string): Promise<ClusterRecord | undefined> {
    try {
      const record = JSON.parse(await readFile(join(this.#folder, file), 'utf8')) as ClusterRecord;
      return record.version === 1 && file.startsWith(record.name) ? record : undefined;
    } catch (error) {
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}

/** An abandoned record that this process alone works on. */
export interface TakenRecord {
  readonly record: ClusterRecord;
  /** Its cluster is gone. */
  readonly done: () => Promise<void>;
  /** Its cluster could not be deleted: whoever comes next may try. */
  readonly giveBack: () => Promise<void>;
}

function taken(name: ClusterName, holder: ClusterRecord | undefined): KindError {
  if (holder === undefined) {
    return new KindError('NAME_TAKEN', `The cluster ${name} is just being cleaned up. Try again in a moment.`);
  }
  const { pid } = holder.creator;
  return processState(holder.creator) === 'dead'
    ? new KindError(
        'NAME_TAKEN',
        `The cluster ${name} was left by process ${pid}, which ended. Call KindCluster.reapAbandoned() first.`,
      )
    : new KindError(
        'NAME_TAKEN',
        `The cluster ${name} belongs to process ${pid}, which still runs. Choose another name.`,
      );
}

/** Elsewhere than on Linux there is no start time to go by: such records are never found abandoned. */
function identifySelf(): ProcessIdentity {
  return identifyProcess(process.pid) ?? { pid: process.pid, startTicks: 0, bootId: '', pidNamespace: '' };
}
