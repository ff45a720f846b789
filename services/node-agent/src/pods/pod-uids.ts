import type { Pod } from '@margay/model';
import type { Logger, ResourceStore } from '@margay/ports';
import { CNI_CODE, CniError, reasonOf } from '../cni/cni-error.ts';
import type { PodIdentity, PodName } from '../cni/pod-identity.ts';
import type { FeedState } from '../feed/feed-state.ts';

/**
 * On the object that stands for a static pod: the UID that the pod has on its
 * node, which is a hash of the file that it is from.
 * Source: Kubernetes, `kubelet/types`, ConfigHashAnnotationKey.
 */
const STATIC_UID = 'kubernetes.io/config.hash';

/** All UIDs by which a kubelet may name the pod. */
export function uidsOf({ metadata }: Pod): string[] {
  return [metadata.uid, metadata.annotations?.[STATIC_UID]].filter((uid) => uid !== undefined);
}

export interface PodUidsOptions {
  readonly store: Pick<ResourceStore, 'get'>;
  readonly feed: Pick<FeedState, 'replica'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/** Finds the Pod object that a runtime's call is about. Policy is known by the UID of the object. */
export class PodUids {
  readonly #options: PodUidsOptions;

  constructor(options: PodUidsOptions) {
    this.#options = options;
  }

  /**
   * The UID of the object. The API is asked only where the runtime gives none,
   * or one that the feed knows not for this pod: a static pod's.
   *
   * @throws {CniError} 11: without a UID, and the object cannot be read
   */
  async resolve({ namespace, pod, uid }: PodName & Partial<PodIdentity>): Promise<string> {
    if (uid === undefined) return this.#find({ namespace, pod });
    const known = this.#options.feed.replica.endpoints.get(`${namespace}/${pod}`);
    if (!known || known.uid === uid) return uid;
    try {
      const object = await this.#options.store.get('Pod', { namespace, name: pod });
      return object && uidsOf(object).includes(uid) ? (object.metadata.uid ?? uid) : uid;
    } catch (error) {
      this.#options.logger.warn({ pod: `${namespace}/${pod}`, reason: reasonOf(error) }, 'a pod cannot be read');
      return uid;
    }
  }

  async #find({ namespace, pod }: PodName): Promise<string> {
    let object: Pod | undefined;
    try {
      object = await this.#options.store.get('Pod', { namespace, name: pod });
    } catch (cause) {
      throw new CniError(CNI_CODE.tryAgainLater, `pod ${namespace}/${pod} cannot be read: ${reasonOf(cause)}`, {
        cause,
      });
    }
    const uid = object?.metadata.uid;
    if (uid === undefined) throw new CniError(CNI_CODE.tryAgainLater, `there is no pod ${namespace}/${pod}`);
    return uid;
  }
}
