import { join } from 'node:path';
import type { Pod } from '@margay/model';
import type { MessageBuffer } from '../native/message.ts';
import { NetworkNamespace } from '../native/namespace.ts';
import type { Reactor } from '../native/reactor.ts';
import type { SandboxRecord } from '../sandbox/record.ts';
import type { RecordStore } from '../sandbox/record-store.ts';
import type { ContainerReport } from '../status/container-state.ts';
import { restartPolicy } from '../status/pod-status.ts';
import { CommandContainer } from './command-container.ts';
import type { ContainerHost, ContainerRunner } from './container.ts';
import { PortContainer } from './port-container.ts';
import { killAllInNetwork, killLeftover } from './process.ts';
import { containerSpecs } from './spec.ts';

export interface ContentsOptions {
  readonly reactor: Reactor;
  readonly message: MessageBuffer;
  readonly records: RecordStore;
  readonly logDir: string;
  readonly now: () => string;
  readonly changed: () => void;
}

/** What runs in one sandbox: the containers of its pod. */
export class PodContents {
  readonly containerId: string;
  /** Open as long as the contents run: probes start here. */
  readonly namespace: NetworkNamespace;
  readonly #containers: readonly ContainerRunner[];

  /**
   * Ends what an earlier process left, and starts nothing yet.
   *
   * @throws when the sandbox's namespace cannot be opened.
   */
  constructor(pod: Pod, record: SandboxRecord, options: ContentsOptions) {
    const { records, logDir } = options;
    const { containerId, netnsPath, namespace, pod: name } = record;
    this.containerId = containerId;
    endLeftovers(records, containerId);
    this.namespace = netnsPath === '' ? NetworkNamespace.own() : NetworkNamespace.open(netnsPath);
    const host: ContainerHost = {
      reactor: options.reactor,
      message: options.message,
      podName: `${namespace}/${name}`,
      now: options.now,
      changed: options.changed,
      recordProcess: (process) => {
        const current = records.get(containerId);
        if (current) records.put({ ...current, processes: [...current.processes, process].slice(-KEPT_PROCESSES) });
      },
    };
    this.#containers = containerSpecs(pod).map((spec) =>
      spec.kind === 'ports'
        ? new PortContainer(spec, { host, namespace: this.namespace })
        : new CommandContainer(spec, {
            host,
            netnsPath,
            logPath: join(logDir, `${namespace}_${name}_${spec.name}.log`),
            restartPolicy: restartPolicy(pod),
          }),
    );
  }

  /** Resolves when every container has been started, or has failed once. */
  async start(): Promise<void> {
    await Promise.all(this.#containers.map((container) => container.start()));
  }

  async stop(graceMs: number): Promise<void> {
    await Promise.all(this.#containers.map((container) => container.stop(graceMs)));
    this.namespace.close();
  }

  reports(): ContainerReport[] {
    return this.#containers.map(({ name, restartCount, state }) => ({ name, restartCount, state }));
  }

  unservedPorts(): string[] {
    return this.#containers.flatMap(({ unserved }) => unserved);
  }
}

/** A pod has few containers; more would be processes that ended long ago. */
const KEPT_PROCESSES = 32;

/**
 * Ends the commands that an earlier process of this program started in the
 * sandbox. Of a damaged record they are not known: then it is whatever runs in
 * the pod's network, and commands on the node's network live on.
 */
export function endLeftovers(records: RecordStore, containerId: string): void {
  const record = records.get(containerId);
  if (record?.damage !== undefined) killAllInNetwork(record.netnsPath);
  if (!record || record.processes.length === 0) return;
  for (const process of record.processes) killLeftover(process);
  records.put({ ...record, processes: [] });
}
