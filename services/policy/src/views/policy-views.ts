import type { FeedChanges } from '@margay/feed-core';
import type { PolicyCompiler } from '@margay/policy-core';
import { CallError } from '@margay/wire';
import { Watcher, type WatcherLimits } from './watcher.ts';

export type { WatcherLimits } from './watcher.ts';

export interface PolicyViewsOptions {
  readonly compiler: PolicyCompiler;
  readonly limits?: WatcherLimits;
}

export interface Subscription {
  readonly snapshot: FeedChanges;
  /** Brings every step after the snapshot. */
  readonly watcher: Watcher;
}

/** The compiled state and those who follow it. */
export class PolicyViews {
  readonly #compiler: PolicyCompiler;
  readonly #limits: WatcherLimits | undefined;
  readonly #watchers = new Set<Watcher>();
  #isOpen = false;

  constructor({ compiler, limits }: PolicyViewsOptions) {
    this.#compiler = compiler;
    this.#limits = limits;
  }

  get watcherCount(): number {
    return this.#watchers.size;
  }

  /** The compiler knows the whole cluster: watchers are welcome from now on. */
  open(): void {
    this.#isOpen = true;
    this.flush();
  }

  /** Tells every watcher what has changed, as one step. */
  flush(): void {
    if (!this.#isOpen || !this.#compiler.pending) return;
    const step = this.#compiler.flush();
    if (step.spans.length + step.upserts.length + step.removes.length === 0) return;
    for (const watcher of this.#watchers) watcher.push(step);
  }

  /** @throws {CallError} `UNAVAILABLE`: the cluster is not known yet, or the service stops. */
  subscribe(): Subscription {
    if (!this.#isOpen) throw new CallError('UNAVAILABLE', 'The policy service has not read the whole cluster yet.');
    // So that the snapshot is exactly what the steps so far have made of it.
    this.flush();
    const watcher = new Watcher(this.#limits);
    this.#watchers.add(watcher);
    return { snapshot: this.#compiler.snapshot(), watcher };
  }

  unsubscribe(watcher: Watcher): void {
    this.#watchers.delete(watcher);
  }

  /** Ends every stream, for good. */
  close(): void {
    this.#isOpen = false;
    for (const watcher of this.#watchers) watcher.end(new CallError('UNAVAILABLE', 'The policy service is stopping.'));
  }
}
