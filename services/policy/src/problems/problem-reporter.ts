import { createHash } from 'node:crypto';
import { type Event, toKubernetesTime } from '@margay/model';
import type { NamespacedName, PolicyProblem } from '@margay/policy-core';
import { type Clock, type Logger, type ResourceStore, StoreError } from '@margay/ports';
import { createTrigger, retry } from '@margay/runtime';

export interface ProblemReporterOptions {
  readonly store: ResourceStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Tells a policy's owner, by a core/v1 Event on the NetworkPolicy (the kind
 * has no status), what of it is not enforced as written. An event's name is
 * made of the policy's UID, its generation and the problem, so that neither a
 * restart nor a second replica adds another.
 */
export class ProblemReporter {
  readonly #store: ResourceStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #waiting = new Map<string, PolicyProblem>();
  /** Event names by policy. */
  readonly #reported = new Map<string, ReadonlySet<string>>();
  readonly #added = createTrigger();

  constructor({ store, clock, logger }: ProblemReporterOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** The problems of a policy as it is now; those reported before are not again. */
  report({ namespace, name }: NamespacedName, problems: readonly PolicyProblem[]): void {
    const key = `${namespace}/${name}`;
    const before = this.#reported.get(key);
    const now = new Set<string>();
    for (const problem of problems) {
      const event = eventName(problem);
      now.add(event);
      if (before?.has(event)) continue;
      this.#waiting.set(`${namespace}/${event}`, problem);
      this.#added.fire();
    }
    if (now.size > 0) this.#reported.set(key, now);
    else this.#reported.delete(key);
  }

  forget({ namespace, name }: NamespacedName): void {
    this.#reported.delete(`${namespace}/${name}`);
  }

  /** Writes events until the signal aborts, one at a time; policy never waits for it. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        for (const [key, problem] of this.#waiting) {
          await this.#write(problem, signal);
          this.#waiting.delete(key);
        }
        await this.#added.wait(signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #write(problem: PolicyProblem, signal: AbortSignal): Promise<void> {
    const { policy, fieldPath, message } = problem;
    this.#logger.warn({ policy: `${policy.namespace}/${policy.name}`, fieldPath }, message);
    try {
      await retry(() => this.#store.create('Event', problemEvent(problem, this.#clock.nowMs())), {
        clock: this.#clock,
        signal,
        shouldRetry: (error) => error instanceof StoreError && error.code === 'UNAVAILABLE',
      });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof StoreError)) throw error;
      if (error.code === 'ALREADY_EXISTS') return;
      // Its namespace may be gone, or it may not be allowed: the log has the problem.
      this.#logger.warn({ reason: error.message }, 'Cannot write an event about a policy');
    }
  }
}

export const PROBLEM_REASON = 'PolicyFieldNotSupported';
const COMPONENT = 'margay-policy';

/** Longest part of a policy's name in an event's: a name has 253 characters at most. */
const MAX_NAME_PART = 230;

function eventName({ policy, uid, generation, fieldPath, message }: PolicyProblem): string {
  const identity = JSON.stringify([uid, generation ?? 0, fieldPath, message]);
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 16);
  return `${policy.name.slice(0, MAX_NAME_PART).replace(/[-.]+$/, '')}.${hash}`;
}

function problemEvent(problem: PolicyProblem, nowMs: number): Event {
  const { policy, uid, fieldPath, message } = problem;
  const timestamp = toKubernetesTime(nowMs);
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: eventName(problem), namespace: policy.namespace },
    involvedObject: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      namespace: policy.namespace,
      name: policy.name,
      ...(uid && { uid }),
      fieldPath,
    },
    type: 'Warning',
    reason: PROBLEM_REASON,
    message: `${fieldPath}: ${message}`,
    count: 1,
    firstTimestamp: timestamp,
    lastTimestamp: timestamp,
    source: { component: COMPONENT },
    reportingComponent: COMPONENT,
  };
}
