import type { InformerEvent } from '@margay/kube';
import { type IPPool, toKubernetesTime } from '@margay/model';
import { type Clock, type Logger, type ResourceStore, StoreError } from '@margay/ports';
import { conditionsWith, type Finding, isSaid, judgePools } from './pool-condition.ts';

/**
 * Keeps the condition Allocatable of each pool true. Nothing else is written:
 * counts of blocks or addresses would change with the pods, and each change
 * would be a write and an event for everyone who watches pools.
 */
export class PoolStatusWriter {
  readonly #store: Pick<ResourceStore, 'patch'>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** By the pools' UIDs, of the last look. */
  #findings: ReadonlyMap<string | undefined, Finding> = new Map();

  constructor(parts: {
    readonly store: Pick<ResourceStore, 'patch'>;
    readonly clock: Clock;
    readonly logger: Logger;
  }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#logger = parts.logger;
  }

  /**
   * Writes what differs. A pool that somebody else writes meanwhile is left
   * to the next look, which `needsLook` asks for.
   *
   * @throws {StoreError} `UNAVAILABLE`; the signal's reason
   */
  async write(pools: readonly IPPool[], signal: AbortSignal): Promise<void> {
    const findings = judgePools(pools);
    // Before the first write: its echo may come before its answer.
    this.#findings = new Map(findings.map((finding) => [finding.pool.metadata.uid, finding]));
    for (const finding of findings) {
      signal.throwIfAborted();
      if (!isSaid(finding.pool, finding)) await this.#writeOne(finding);
    }
  }

  /**
   * True for a change after which pools may have to say something else; false
   * for this writer's own echo, labels, and what others write into a status.
   */
  needsLook(event: InformerEvent<IPPool>): boolean {
    if (event.type === 'delete' || event.old === undefined) return true;
    const { object, old } = event;
    if (object.metadata.generation !== old.metadata.generation) return true;
    const finding = this.#findings.get(object.metadata.uid);
    return finding !== undefined && !isSaid(object, finding);
  }

  async #writeOne(finding: Finding): Promise<void> {
    const { name, resourceVersion } = finding.pool.metadata;
    const now = toKubernetesTime(this.#clock.nowMs());
    // Conditions are one list to a merge patch: only at the version that was read do those of others stay.
    const patch = { metadata: { resourceVersion }, status: { conditions: conditionsWith(finding, now) } };
    try {
      await this.#store.patch('IPPool', { name }, patch, { subresource: 'status' });
    } catch (error) {
      if (!(error instanceof StoreError) || error.code === 'UNAVAILABLE') throw error;
      const { code, message: reason } = error;
      if (code === 'CONFLICT') this.#logger.debug({ pool: name, reason }, 'Somebody else wrote the pool');
      else if (code === 'NOT_FOUND')
        this.#logger.info({ pool: name, reason }, 'The pool is gone, or the definition of pools has no status');
      else this.#logger.warn({ pool: name, reason }, 'The status of a pool cannot be written');
    }
  }
}
