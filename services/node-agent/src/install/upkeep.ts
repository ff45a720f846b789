import type { Clock, Logger } from '@margay/ports';
import { reasonOf } from '../cni/cni-error.ts';
import { Change } from '../state/change.ts';
import { FolderGoneError } from '../state/folder-gone.ts';

/** Between two looks, milliseconds: a look is a few reads of names. */
export const UPKEEP_INTERVAL_MS = 5_000;

/** Something of the agent's on the node, outside of the kernel. */
export interface KeptPart {
  /** For a sentence: "the state cannot be kept". */
  readonly what: string;
  /** One look, which puts back what somebody took away. @throws {FolderGoneError} only a new process can */
  readonly keep: () => Promise<void>;
}

export interface UpkeepOptions {
  /** In this order. The first has what a new process needs: none ends this one while that is in trouble. */
  readonly parts: readonly [KeptPart, ...KeptPart[]];
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn' | 'info'>;
}

/**
 * Keeps on the node what the agent put there for its next process and for the
 * container runtime. What is missing is put back at the next look, so that a
 * trouble which stays, and only that, is a problem of the node.
 */
export class Upkeep {
  /** Told when `problem` changed. */
  readonly changed = new Change();
  readonly #options: UpkeepOptions;
  #problem: string | undefined;

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  /** What could not be put back at the last look, in words. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Until the signal aborts. @throws {FolderGoneError} this process has to end, and may: the next one has all it needs */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look();
      await this.#options.clock.sleep(UPKEEP_INTERVAL_MS, signal).catch(() => undefined);
    }
  }

  /** One look at every part. @throws {FolderGoneError} as `run` */
  async look(): Promise<void> {
    const { parts } = this.#options;
    const problems: string[] = [];
    let gone: FolderGoneError | undefined;
    let mayEnd = true;
    for (const part of parts) {
      try {
        await part.keep();
      } catch (error) {
        problems.push(`${part.what} cannot be kept on this node: ${reasonOf(error)}`);
        if (error instanceof FolderGoneError) gone ??= error;
        // A restart without what it needs would lose the pods.
        else if (part === parts[0]) mayEnd = false;
      }
    }
    this.#tell(problems.length === 0 ? undefined : problems.join('; '));
    if (gone && mayEnd) throw gone;
  }

  #tell(problem: string | undefined): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    if (problem === undefined) this.#options.logger.info({}, 'all that this agent keeps on the node is there again');
    else this.#options.logger.warn({ reason: problem }, 'this node is not ready for pods');
    this.changed.notify();
  }
}
