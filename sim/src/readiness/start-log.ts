import { createTrigger, type Trigger } from '@margay/runtime';
import type { simV1 } from '@margay/wire';

export type StartEvent = simV1.StartEventInput;

/** What has happened since the start, for any number of watchers, each from the beginning. */
export class StartLog {
  readonly #events: StartEvent[] = [];
  readonly #watchers = new Set<Trigger>();
  #closed = false;

  add(event: StartEvent): void {
    if (this.#closed) return;
    this.#events.push(event);
    this.#closed = event.ready != null || event.failed !== undefined;
    for (const watcher of this.#watchers) watcher.fire();
  }

  /** Ends after the event that says ready or failed. */
  async *watch(signal: AbortSignal): AsyncGenerator<StartEvent, void, undefined> {
    const trigger = createTrigger();
    this.#watchers.add(trigger);
    try {
      for (let next = 0; ; ) {
        const event = this.#events[next];
        if (event !== undefined) {
          next++;
          yield event;
        } else if (this.#closed) return;
        else await trigger.wait(signal);
      }
    } finally {
      this.#watchers.delete(trigger);
    }
  }
}
