import { createHash } from 'node:crypto';
import type { Event, Pod } from '@margay/model';
import { type Clock, type Logger, type ResourceStore, StoreError } from '@margay/ports';
import { messageOf } from '../error.ts';

export interface EventRecorderOptions {
  readonly store: ResourceStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly nodeName: string;
}

const COMPONENT = 'kubelet';

/** Writes Events on pods. The same event again is counted, not written anew. */
export class EventRecorder {
  readonly #options: EventRecorderOptions;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  /** Never rejects: an event that cannot be written is logged. */
  async warn(pod: Pod, reason: string, message: string): Promise<void> {
    const { store, logger } = this.#options;
    const { namespace = 'default', name: podName, uid = '' } = pod.metadata;
    const key = createHash('sha1').update(`${uid}\0${reason}\0${message}`).digest('hex').slice(0, 16);
    const name = `${podName.slice(0, 200)}.${key}`;
    try {
      const existing = await store.get('Event', { name, namespace });
      const now = new Date(this.#options.clock.nowMs()).toISOString();
      if (existing) {
        await store.patch('Event', { name, namespace }, { count: (existing.count ?? 1) + 1, lastTimestamp: now });
        return;
      }
      await store.create('Event', this.#event(pod, { name, namespace, reason, message, now }));
    } catch (error) {
      if (error instanceof StoreError && error.code === 'ALREADY_EXISTS') return;
      logger.warn({ pod: `${namespace}/${podName}`, reason, error: messageOf(error) }, 'Cannot write an event');
    }
  }

  #event(pod: Pod, event: { name: string; namespace: string; reason: string; message: string; now: string }): Event {
    const { name, namespace, reason, message, now } = event;
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: {
        apiVersion: 'v1',
        kind: 'Pod',
        name: pod.metadata.name,
        namespace,
        ...(pod.metadata.uid !== undefined && { uid: pod.metadata.uid }),
      },
      reason,
      message,
      type: 'Warning',
      count: 1,
      firstTimestamp: now,
      lastTimestamp: now,
      source: { component: COMPONENT, host: this.#options.nodeName },
      reportingComponent: COMPONENT,
    };
  }
}
