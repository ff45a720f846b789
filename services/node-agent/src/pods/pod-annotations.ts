import { ANNOTATION } from '@margay/model';
import { type Clock, type Logger, type ResourceStore, StoreError } from '@margay/ports';
import { retry } from '@margay/runtime';
import type { EndpointRecord } from '../endpoints/endpoint-record.ts';

/** How often a write is tried before it is given up; with the pauses, about five minutes. */
const ATTEMPTS = 64;

type Wish =
  | { readonly kind: 'set'; readonly uid: string; readonly address: string; readonly containerId: string }
  | { readonly kind: 'clear'; readonly containerId: string };

export interface PodAnnotationsOptions {
  readonly store: Pick<ResourceStore, 'get' | 'patch'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Writes the address of a pod onto its Pod object, so that policy everywhere
 * knows it before the kubelet reports it. A later wish for the same pod
 * replaces an earlier one that is still being tried.
 */
export class PodAnnotations {
  readonly #options: PodAnnotationsOptions;
  readonly #latest = new Map<string, Wish>();

  constructor(options: PodAnnotationsOptions) {
    this.#options = options;
  }

  /** Resolves when it is written, or is pointless: the pod is gone or another. Never rejects. */
  set({ namespace, pod, uid, address, containerId }: EndpointRecord): Promise<void> {
    return this.#fulfil(namespace, pod, { kind: 'set', uid, address, containerId });
  }

  /** Empties the address, unless a newer container has written its own. */
  clear({ namespace, pod, containerId }: Pick<EndpointRecord, 'namespace' | 'pod' | 'containerId'>): Promise<void> {
    return this.#fulfil(namespace, pod, { kind: 'clear', containerId });
  }

  async #fulfil(namespace: string, pod: string, wish: Wish): Promise<void> {
    const { clock, logger, signal } = this.#options;
    const key = `${namespace}/${pod}`;
    this.#latest.set(key, wish);
    const isLatest = (): boolean => this.#latest.get(key) === wish;
    try {
      await retry(() => (isLatest() ? this.#write(namespace, pod, wish) : Promise.resolve()), {
        clock,
        signal,
        attempts: ATTEMPTS,
        onRetry: (error, pauseMs) =>
          logger.warn({ pod: key, reason: String(error), pauseMs }, 'the pod address is not on the Pod yet'),
      });
    } catch (error) {
      if (!signal.aborted) logger.error({ pod: key, reason: String(error) }, 'the pod address was not written');
    } finally {
      if (isLatest()) this.#latest.delete(key);
    }
  }

  async #write(namespace: string, pod: string, wish: Wish): Promise<void> {
    const { store } = this.#options;
    const ref = { namespace, name: pod };
    try {
      if (wish.kind === 'set') {
        const annotations = { [ANNOTATION.podAddress]: wish.address, [ANNOTATION.podContainerId]: wish.containerId };
        await store.patch('Pod', ref, { metadata: { uid: wish.uid, annotations } });
        return;
      }
      const current = await store.get('Pod', ref);
      if (!current || current.metadata.annotations?.[ANNOTATION.podContainerId] !== wish.containerId) return;
      const { resourceVersion } = current.metadata;
      const annotations = { [ANNOTATION.podAddress]: '', [ANNOTATION.podContainerId]: null };
      await store.patch('Pod', ref, { metadata: { resourceVersion, annotations } });
    } catch (error) {
      if (error instanceof StoreError && isPointless(error, wish)) return;
      throw error;
    }
  }
}

/** The pod is gone, or another one has its name: a conflict on its UID. */
function isPointless(error: StoreError, wish: Wish): boolean {
  return error.code === 'NOT_FOUND' || (wish.kind === 'set' && (error.code === 'CONFLICT' || error.code === 'INVALID'));
}
