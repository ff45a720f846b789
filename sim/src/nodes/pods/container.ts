import type { MessageBuffer } from '../native/message.ts';
import type { Reactor } from '../native/reactor.ts';
import type { ProcessRecord } from '../sandbox/record.ts';
import type { ContainerState } from '../status/container-state.ts';

/** What a container needs of the pod and the process around it. */
export interface ContainerHost {
  readonly reactor: Reactor;
  readonly message: MessageBuffer;
  /** namespace/name. */
  readonly podName: string;
  /** ISO 8601. */
  now(): string;
  /** The state is another one. */
  changed(): void;
  /** Puts the process on disk, so that a later kubelet can end it. */
  recordProcess(record: ProcessRecord): void;
}

/** One container that runs, or tries to. */
export interface ContainerRunner {
  readonly name: string;
  readonly restartCount: number;
  readonly state: ContainerState;
  /** Declared ports that this kernel cannot serve, as sentences. */
  readonly unserved: readonly string[];
  start(): Promise<void>;
  /** Resolves when nothing of it runs any more. */
  stop(graceMs: number): Promise<void>;
}
