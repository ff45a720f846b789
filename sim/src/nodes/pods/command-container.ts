import { messageOf } from '../error.ts';
import type { ContainerState } from '../status/container-state.ts';
import { backoffMs } from './backoff.ts';
import type { ContainerHost, ContainerRunner } from './container.ts';
import { type RunningProcess, startProcess } from './process.ts';
import type { ContainerSpec } from './spec.ts';

/** A run of this length resets the wait before the next restart. */
const STABLE_RUN_MS = 60_000;
/** What a shell says when a program cannot be run. */
const CANNOT_RUN_EXIT_CODE = 128;

/** A container with a command: a process in the pod's namespace, restarted by the pod's policy. */
export class CommandContainer implements ContainerRunner {
  readonly name: string;
  readonly unserved: readonly string[] = [];
  readonly #spec: Extract<ContainerSpec, { kind: 'command' }>;
  readonly #options: CommandOptions;
  #process: RunningProcess | undefined;
  #stopped = false;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  restartCount = 0;
  state: ContainerState = { kind: 'waiting', reason: 'ContainerCreating', message: '' };

  constructor(spec: Extract<ContainerSpec, { kind: 'command' }>, options: CommandOptions) {
    this.name = spec.name;
    this.#spec = spec;
    this.#options = options;
  }

  /** Resolves when the process has been started, or could not be. */
  async start(): Promise<void> {
    if (this.#stopped) return;
    const { host, netnsPath, logPath } = this.#options;
    const startedAt = host.now();
    const startedMs = performance.now();
    try {
      const { command, env } = this.#spec;
      const running = await startProcess({ command, env, netnsPath, logPath });
      this.#process = running;
      host.recordProcess(running.record);
      this.state = { kind: 'running', startedAt };
      host.changed();
      // Cannot reject: `ended` never does.
      void running.ended.then((exitCode) => {
        this.#process = undefined;
        if (performance.now() - startedMs >= STABLE_RUN_MS) this.#failures = 0;
        this.#onEnd(exitCode, { startedAt, message: '' });
      });
    } catch (error) {
      this.#onEnd(CANNOT_RUN_EXIT_CODE, { startedAt, message: messageOf(error) });
    }
  }

  /** SIGTERM, and SIGKILL when the grace is over. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    const running = this.#process;
    if (!running) return;
    running.signal('SIGTERM');
    const kill = setTimeout(() => running.signal('SIGKILL'), graceMs);
    await running.ended;
    clearTimeout(kill);
    // What the command started and left behind.
    running.signal('SIGKILL');
  }

  #onEnd(exitCode: number, { startedAt, message }: { readonly startedAt: string; readonly message: string }): void {
    const { host, restartPolicy } = this.#options;
    const again = !this.#stopped && (restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && exitCode !== 0));
    if (again) {
      this.#failures += 1;
      const waitMs = backoffMs(this.#failures);
      const text = message === '' ? `the command ended with exit code ${exitCode}` : message;
      this.state = {
        kind: 'waiting',
        reason: 'CrashLoopBackOff',
        message: `${text}; next start in ${waitMs / 1000} s`,
      };
      this.#retry = setTimeout(() => {
        this.restartCount += 1;
        void this.start();
      }, waitMs);
    } else {
      this.state = { kind: 'terminated', exitCode, startedAt, finishedAt: host.now() };
    }
    if (!this.#stopped) host.changed();
  }
}

export interface CommandOptions {
  readonly host: ContainerHost;
  /** Empty: this process's own namespace. */
  readonly netnsPath: string;
  readonly logPath: string;
  readonly restartPolicy: 'Always' | 'OnFailure' | 'Never';
}
