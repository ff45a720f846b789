import type { Clock, Interfaces, KernelEvents, Logger } from '@margay/ports';
import type { NodeState } from './node-state.ts';

/** Between two times of watching, when the first ended, milliseconds. */
const PAUSE_MS = 1_000;

/**
 * Calls `onChange` when the kernel's underlay interface is no longer what the
 * node takes it for: a packet of the old MTU would be lost on a smaller link
 * without an error.
 */
export async function watchUnderlay(
  parts: {
    readonly events: KernelEvents;
    readonly interfaces: Interfaces;
    readonly node: NodeState;
    readonly clock: Clock;
    readonly logger: Logger;
    readonly onChange: () => void;
  },
  signal: AbortSignal,
): Promise<void> {
  const { events, interfaces, node, clock, logger, onChange } = parts;
  while (!signal.aborted) {
    try {
      for await (const what of events.watch(signal)) {
        const { underlay } = node;
        if (underlay === undefined || (what !== 'links' && what !== 'addresses')) continue;
        const link = (await interfaces.list()).find(({ name }) => name === underlay.device);
        const isSame =
          link?.mtuBytes === underlay.mtuBytes && link.addresses.some(({ address }) => address === underlay.address);
        if (!isSame) onChange();
      }
    } catch (error) {
      if (!signal.aborted) logger.warn({ reason: String(error) }, 'kernel events ended; watching again');
    }
    await clock.sleep(PAUSE_MS, signal).catch(() => undefined);
  }
}
