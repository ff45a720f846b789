import { isDeepStrictEqual } from 'node:util';
import type { Pod } from '@margay/model';
import { type Clock, type Logger, type ResourceStore, StoreError } from '@margay/ports';
import { createBackoff } from '@margay/runtime';
import { messageOf } from '../error.ts';
import { type PodObservation, podStatus } from './pod-status.ts';

type PodStatus = NonNullable<Pod['status']>;

export interface StatusWriterOptions {
  readonly store: ResourceStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Keeps the status of one pod in the API as it was observed last. */
export class StatusWriter {
  readonly #options: StatusWriterOptions;
  #wanted: { readonly pod: Pod; readonly observation: PodObservation } | undefined;
  #written: PodStatus | undefined;
  #busy = false;

  constructor(options: StatusWriterOptions) {
    this.#options = options;
  }

  /** Returns at once; of several calls in a row the last one is written. */
  publish(pod: Pod, observation: PodObservation): void {
    this.#wanted = { pod, observation };
    if (!this.#busy) void this.#writeAll();
  }

  /** What is not yet written is not written any more. */
  stop(): void {
    this.#wanted = undefined;
  }

  async #writeAll(): Promise<void> {
    const { clock, logger, signal } = this.#options;
    const backoff = createBackoff();
    this.#busy = true;
    while (this.#wanted && !signal.aborted) {
      const { pod, observation } = this.#wanted;
      this.#wanted = undefined;
      try {
        await this.#write(pod, observation);
        backoff.reset();
      } catch (error) {
        if (error instanceof StoreError && (error.code === 'NOT_FOUND' || error.code === 'CONFLICT')) continue;
        logger.warn({ pod: pod.metadata.name, error: messageOf(error) }, 'Cannot write a pod status; trying again');
        this.#wanted ??= { pod, observation };
        // An abort ends the loop.
        await clock.sleep(backoff.nextMs(), signal).catch(() => undefined);
      }
    }
    this.#busy = false;
  }

  async #write(pod: Pod, observation: PodObservation): Promise<void> {
    const status = podStatus(this.#withWritten(pod), observation);
    if (isDeepStrictEqual(status, this.#written) || holds(pod.status, status)) return;
    const { name, namespace, uid } = pod.metadata;
    await this.#options.store.patch(
      'Pod',
      { name, ...(namespace !== undefined && { namespace }) },
      { metadata: { uid }, status },
      { subresource: 'status' },
    );
    this.#written = status;
  }

  /** The pod may be older than what was written: times are taken from there. */
  #withWritten(pod: Pod): Pod {
    const written = this.#written;
    if (!written) return pod;
    const ours = written.conditions ?? [];
    const others = (pod.status?.conditions ?? []).filter(({ type }) => !ours.some((own) => own.type === type));
    return { ...pod, status: { ...pod.status, ...written, conditions: [...others, ...ours] } };
  }
}

/** True when the object already says all of `wanted`. */
function holds(actual: PodStatus | undefined, wanted: PodStatus): boolean {
  return Object.entries(wanted).every(([field, value]) => isDeepStrictEqual(actual?.[field], value));
}
