import { setTimeout } from 'node:timers/promises';
import type { KernelError } from '@margay/ports';
import { libc } from '../libc/index.ts';
import { changeLinkRequest, deleteGroupRequest, type NetlinkRoute, openRouteSocket } from '../rtnetlink/index.ts';

/**
 * Device groups of links that are about to go: "mgy" and a number. Everything
 * else is in group 0, if not set by hand. One a deletion that runs.
 */
const DOOMED_GROUPS = [0x6d677901, 0x6d677902];
/** Far below what one send can carry. */
const MOST_AT_ONCE = 100;

/** What one running deletion uses. */
interface Lane {
  readonly group: number;
  client?: NetlinkRoute;
}

interface Waiting {
  readonly name: string;
  readonly resolve: (removed: boolean) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Deletes devices without stopping the event loop. The kernel takes 15 to 40
 * ms for one device, nearly all of it waiting for grace periods (RCU), and not
 * more for many at once. So at most two deletions run at a time, on pool
 * threads, and the next takes along all that were asked for meanwhile. `remove` is done as soon as
 * the device is no longer there, before the kernel has freed its memory.
 */
export class LinkRemover {
  readonly #lanes: readonly Lane[] = DOOMED_GROUPS.map((group) => ({ group }));
  readonly #idle: Lane[] = [...this.#lanes];
  #waiting: Waiting[] = [];

  /** True when there was one. @throws {KernelError} */
  remove(name: string): Promise<boolean> {
    if (libc().if_nametoindex(name) === 0) return Promise.resolve(false);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ name, resolve, reject });
      const lane = this.#idle.pop();
      if (lane) void this.#run(lane);
    });
  }

  /** Only when nothing is being removed. */
  close(): void {
    for (const lane of this.#lanes) {
      lane.client?.close();
      delete lane.client;
    }
  }

  async #run(lane: Lane): Promise<void> {
    // What is asked for in the same turn goes along.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MOST_AT_ONCE);
      await this.#removeAll(batch, lane).catch((error: unknown) => {
        for (const { reject } of batch) reject(error);
      });
    }
    this.#idle.push(lane);
  }

  async #removeAll(batch: readonly Waiting[], lane: Lane): Promise<void> {
    lane.client ??= openRouteSocket();
    const { client, group } = lane;
    const found = batch.flatMap((waiting) => {
      const link = client.findLink(waiting.name);
      if (!link) waiting.resolve(false);
      return link ? [{ ...waiting, request: changeLinkRequest(link.index, { group }, waiting.name) }] : [];
    });
    if (found.length === 0) return;
    const results = client.socket.batch(found.map(({ request }) => request));
    const doomed = found.filter(({ name, resolve, reject }, index) => {
      const failure = results[index];
      if (!failure) return true;
      if (libc().if_nametoindex(name) === 0) resolve(false);
      else reject(failure);
      return false;
    });
    if (doomed.length > 0) await deleteDoomed(client.socket.batchElsewhere([deleteGroupRequest(group)]), doomed);
  }
}

/** Answers each as soon as its device is gone, and the rest when the kernel has answered. */
async function deleteDoomed(deletion: Promise<(KernelError | undefined)[]>, doomed: readonly Waiting[]): Promise<void> {
  let done = false;
  const finish = (): void => {
    done = true;
  };
  const settled = deletion.then(finish, finish);
  let left = [...doomed];
  while (!done && left.length > 0) {
    await Promise.race([settled, setTimeout(1)]);
    left = left.filter(({ name, resolve }) => {
      const gone = libc().if_nametoindex(name) === 0;
      if (gone) resolve(true);
      return !gone;
    });
  }
  const [failure] = await deletion;
  for (const { name, resolve, reject } of left) {
    if (failure && libc().if_nametoindex(name) !== 0) reject(failure);
    else resolve(true);
  }
}
