import type { Clock } from '@margay/ports';
import type { ApiObjects } from '../api-objects.ts';
import { hookPaths, shortName } from '../hook-objects.ts';

/** Between two looks or tries, milliseconds. */
const LOOK_INTERVAL_MS = 250;

export interface EndOptions {
  readonly objects: Pick<ApiObjects, 'get' | 'delete'>;
  readonly namespace: string;
  /** For the API to answer, and for each of what runs to end, milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Takes one whole line, at most. */
  readonly print: (text: string) => void;
}

/**
 * Ends an uninstall that Helm gave up on, so that it does not take for its own
 * what a new release puts onto the nodes: first what runs, with its pods, then
 * its accounts. A pod that does not end in time (its node is down) keeps nobody
 * waiting for ever: without its account it finds out about no pod, and so takes
 * nothing away. Harmless when called again, and when there was no uninstall.
 *
 * @throws {Error} the API does not answer, or refuses, until the time is over
 */
export async function endUninstall(options: EndOptions): Promise<void> {
  const { objects, namespace, timeoutMs, clock, print } = options;
  let deadlineMs = 0;
  const { running, rest } = hookPaths(namespace);
  const ended: string[] = [];
  const remove = async (path: string, how: Parameters<ApiObjects['delete']>[1]): Promise<boolean> => {
    const wasThere = await insist(() => objects.delete(path, how), clock, deadlineMs);
    if (wasThere) ended.push(shortName(path));
    return wasThere;
  };
  const late: string[] = [];
  for (const path of running) {
    // Each its own time: one that waits for a node that is down must not take the other's.
    deadlineMs = clock.monotonicMs() + timeoutMs;
    if (!(await remove(path, { propagation: 'foreground' }))) continue;
    while ((await insist(() => objects.get(path), clock, deadlineMs)) !== undefined) {
      if (clock.monotonicMs() >= deadlineMs) {
        late.push(shortName(path));
        break;
      }
      await clock.sleep(LOOK_INTERVAL_MS);
    }
  }
  deadlineMs = clock.monotonicMs() + timeoutMs;
  for (const path of rest) await remove(path, {});
  if (ended.length === 0) return;
  const rider = late.length > 0 ? `; pods of ${late.join(' and ')} have not ended yet` : '';
  print(`Ended an uninstall that was still under way: ${ended.join(', ')}${rider}.\n`);
}

/** At least one try. @throws the last failure, once the time is over */
async function insist<T>(action: () => Promise<T>, clock: Clock, deadlineMs: number): Promise<T> {
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (clock.monotonicMs() >= deadlineMs) throw error;
    }
    await clock.sleep(LOOK_INTERVAL_MS);
  }
}
