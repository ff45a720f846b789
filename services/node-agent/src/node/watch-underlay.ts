import type { Clock, Interfaces, KernelEvents, Logger } from '@margay/ports';
import { followKernelEvents } from '../dataplane/follow-kernel-events.ts';
import type { NodeState } from './node-state.ts';

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
  const isSame = async (): Promise<boolean> => {
    const { underlay } = node;
    if (underlay === undefined) return true;
    const link = (await interfaces.list()).find(({ name }) => name === underlay.device);
    if (link?.mtuBytes !== underlay.mtuBytes) return false;
    return link.addresses.some(({ address }) => address === underlay.address);
  };
  const onEvent = async (event: string): Promise<void> => {
    if ((event === 'links' || event === 'addresses') && !(await isSame())) onChange();
  };
  await followKernelEvents({ events, clock, logger, onEvent }, signal);
}
