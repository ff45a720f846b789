import type { Lease } from '@margay/model';
import { type Clock, type ResourceStore, StoreError } from '@margay/ports';

export interface LeaseLockOptions {
  readonly store: ResourceStore;
  readonly namespace: string;
  readonly name: string;
  /** Of this candidate alone. */
  readonly identity: string;
  readonly clock: Clock;
}

/** How long others wait for a holder that says nothing, seconds. Source: client-go. */
export const LEASE_SECONDS = 15;

/** `held`: ours now. `taken`: somebody else holds it. `contended`: somebody wrote at the same moment. */
export type LockAttempt = 'held' | 'taken' | 'contended';

/**
 * One Lease as a lock. Whether another holder still lives is told by this
 * process's own clock since it last saw the Lease change; the times in the
 * Lease are for people, so that clocks may differ.
 */
export class LeaseLock {
  readonly #options: LeaseLockOptions;
  #seen: { readonly text: string; readonly atMs: number } | undefined;

  constructor(options: LeaseLockOptions) {
    this.#options = options;
  }

  /** Takes the Lease if it is free, renews it if it is ours. @throws {StoreError} */
  async attempt(): Promise<LockAttempt> {
    const { store, identity } = this.#options;
    try {
      const lease = await this.#read();
      if (lease === undefined) {
        await store.create('Lease', { metadata: this.#ref, spec: this.#heldSpec(undefined) });
        return 'held';
      }
      if (this.#isTaken(lease)) return 'taken';
      const isRenewal = lease.spec?.holderIdentity === identity;
      await store.update('Lease', { ...lease, spec: this.#heldSpec(lease.spec, isRenewal) });
      return 'held';
    } catch (error) {
      if (isContention(error)) return 'contended';
      throw error;
    }
  }

  /** Gives the Lease up, so that another need not wait. Not ours: nothing happens. @throws {StoreError} */
  async release(): Promise<void> {
    const { store, identity, clock } = this.#options;
    const lease = await this.#read();
    if (lease?.spec?.holderIdentity !== identity) return;
    const spec = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(clock.nowMs()) };
    try {
      await store.update('Lease', { ...lease, spec });
    } catch (error) {
      if (!isContention(error)) throw error;
    }
  }

  get #ref(): { readonly namespace: string; readonly name: string } {
    const { namespace, name } = this.#options;
    return { namespace, name };
  }

  async #read(): Promise<Lease | undefined> {
    const { store, clock } = this.#options;
    const lease = await store.get('Lease', this.#ref);
    const text = JSON.stringify(lease?.spec ?? null);
    if (this.#seen?.text !== text) this.#seen = { text, atMs: clock.monotonicMs() };
    return lease;
  }

  #isTaken({ spec }: Lease): boolean {
    const { identity, clock } = this.#options;
    const { holderIdentity = '', leaseDurationSeconds = LEASE_SECONDS } = spec ?? {};
    if (holderIdentity === '' || holderIdentity === identity) return false;
    const silentMs = clock.monotonicMs() - (this.#seen?.atMs ?? 0);
    return silentMs < leaseDurationSeconds * 1_000;
  }

  #heldSpec(before: Lease['spec'], isRenewal = false): NonNullable<Lease['spec']> {
    const { identity, clock } = this.#options;
    const now = microTime(clock.nowMs());
    const transitions = before?.leaseTransitions ?? 0;
    return {
      ...before,
      holderIdentity: identity,
      leaseDurationSeconds: LEASE_SECONDS,
      acquireTime: isRenewal ? (before?.acquireTime ?? now) : now,
      renewTime: now,
      leaseTransitions: before === undefined || isRenewal ? transitions : transitions + 1,
    };
  }
}

/** Another candidate wrote first, or the Lease was deleted meanwhile. */
function isContention(error: unknown): boolean {
  return error instanceof StoreError && ['ALREADY_EXISTS', 'CONFLICT', 'NOT_FOUND'].includes(error.code);
}

/** Kubernetes' MicroTime: exactly six digits. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
