import type { Clock, KernelEvents, Logger } from '@margay/ports';

type KernelEvent = 'links' | 'addresses' | 'routes' | 'firewall';

/** Between two times of watching, when the first ended, milliseconds. */
const PAUSE_MS = 250;

/**
 * Calls `onEvent` for every change that the kernel tells of, one after the
 * other, until the signal aborts. A watch that ends, or a call that fails, is
 * logged, and the kernel is watched again.
 */
export async function followKernelEvents(
  parts: {
    readonly events: KernelEvents;
    readonly clock: Clock;
    readonly logger: Logger;
    readonly onEvent: (event: KernelEvent) => Promise<void>;
  },
  signal: AbortSignal,
): Promise<void> {
  const { events, clock, logger, onEvent } = parts;
  while (!signal.aborted) {
    try {
      for await (const event of events.watch(signal)) await onEvent(event);
    } catch (error) {
      if (!signal.aborted) logger.warn({ reason: String(error) }, 'kernel events ended; watching again');
    }
    await clock.sleep(PAUSE_MS, signal).catch(() => undefined);
  }
}
