import type { Clock, Logger } from '@margay/ports';
import { type Backoff, createBackoff } from '@margay/runtime';
import type { ProcessSpec, ProcessState } from './process-spec.ts';

/** A started process, as the supervisor sees it. */
export interface RunningProcess {
  /** 0 when it could not be started. */
  readonly pid: number;
  /** Resolves with one sentence when it has ended. Never rejects. */
  readonly ended: Promise<string>;
  kill(signal: NodeJS.Signals): void;
}

export type StartProcess = (spec: ProcessSpec) => RunningProcess;

export interface SupervisorOptions {
  readonly start: StartProcess;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told after every start and every end. */
  readonly onChange?: () => void;
}

/** Pauses between restarts: from a tenth of a second to one, so that a killed process is back well within ten. */
const BACKOFF = { initialMs: 100, maxMs: 1_000 } as const;
/** A process that lived this long was healthy: its next restart is quick again. */
const HEALTHY_MS = 10_000;
/** How long a process may take to end in order. */
const GRACE_MS = 4_000;

interface Entry {
  readonly spec: ProcessSpec;
  readonly backoff: Backoff;
  readonly controller: AbortController;
  running?: RunningProcess;
  restarts: number;
  lastEnd: string;
  /** Resolves when the process is down for good. */
  loop: Promise<void>;
}

/** Keeps processes running until they are told to stop. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Starts the process now and again whenever it ends. Its name must be free. */
  add(spec: ProcessSpec): void {
    if (this.#entries.has(spec.name)) throw new Error(`there is a process ${spec.name} already`);
    const entry: Entry = {
      spec,
      backoff: createBackoff(BACKOFF),
      controller: new AbortController(),
      restarts: 0,
      lastEnd: '',
      loop: Promise.resolve(),
    };
    this.#entries.set(spec.name, entry);
    entry.loop = this.#keepRunning(entry);
  }

  /** Ends a process for good: SIGTERM, then SIGKILL. No error when there is none. */
  async remove(name: string): Promise<void> {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    await this.#end(entry);
    this.#entries.delete(name);
  }

  async removeAll(): Promise<void> {
    await Promise.all([...this.#entries.keys()].map((name) => this.remove(name)));
  }

  list(): ProcessState[] {
    return [...this.#entries.values()].map(({ spec, running, restarts, lastEnd }) => ({
      spec,
      pid: running?.pid ?? 0,
      restarts,
      lastEnd,
    }));
  }

  async #keepRunning(entry: Entry): Promise<void> {
    const { clock, logger, start, onChange } = this.#options;
    const { signal } = entry.controller;
    while (!signal.aborted) {
      const startedMs = clock.monotonicMs();
      entry.running = start(entry.spec);
      onChange?.();
      entry.lastEnd = await entry.running.ended;
      delete entry.running;
      onChange?.();
      if (signal.aborted) return;
      entry.restarts += 1;
      if (clock.monotonicMs() - startedMs >= HEALTHY_MS) entry.backoff.reset();
      const pauseMs = entry.backoff.nextMs();
      logger.warn({ process: entry.spec.name, reason: entry.lastEnd, pauseMs }, 'A process ended; it is started again');
      await clock.sleep(pauseMs, signal).catch(() => undefined);
    }
  }

  async #end(entry: Entry): Promise<void> {
    const { clock } = this.#options;
    entry.controller.abort();
    const ended = new AbortController();
    entry.running?.kill('SIGTERM');
    const loop = entry.loop.finally(() => ended.abort());
    const limit = clock
      .sleep(GRACE_MS, ended.signal)
      .then(() => entry.running?.kill('SIGKILL'))
      .catch(() => undefined);
    await Promise.all([loop, limit]);
  }
}
