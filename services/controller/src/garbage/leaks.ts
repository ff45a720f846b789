import type { IpAddress } from '@margay/ip';
import { allocatedAtMs, allocationsOf } from '@margay/ipam-core';
import type { IPAMBlock, Pod } from '@margay/model';
import { isOfEarlierContainer } from './earlier-container.ts';

/** An address that a pod has which is not there any more, or a container of it that is not. */
export interface Leak {
  readonly address: IpAddress;
  readonly handle: string;
  readonly namespace: string;
  readonly pod: string;
  /** UID of the Pod that it was given to; empty when that was not noted. */
  readonly uid: string;
  /** When it was given, milliseconds since 1970; undefined when that was not noted. */
  readonly allocatedAtMs: number | undefined;
}

/**
 * Addresses whose pod is gone, or was made again under its name, or has a
 * later container. What does not say whose it is counts as in use: only what
 * is surely nobody's may be freed (Calico: missing attributes mean valid).
 */
export function findLeaks(
  blocks: readonly IPAMBlock[],
  findPod: (namespace: string, name: string) => Pod | undefined,
): Leak[] {
  const given = givenTimes(blocks);
  return blocks.flatMap(({ spec }) =>
    allocationsOf(spec).flatMap(({ address, handle, attributes }) => {
      const { namespace, pod, uid = '' } = attributes;
      if (handle === undefined || namespace === undefined || pod === undefined) return [];
      const leak = { address, handle, namespace, pod, uid, allocatedAtMs: allocatedAtMs(attributes) };
      return isLeaked(leak, findPod(namespace, pod), given) ? [leak] : [];
    }),
  );
}

/** @param given when each handle got its address, see `givenTimes` */
export function isLeaked(leak: Leak, pod: Pod | undefined, given: ReadonlyMap<string, number>): boolean {
  if (pod === undefined) return true;
  if (leak.uid !== '' && pod.metadata.uid !== undefined && pod.metadata.uid !== leak.uid) return true;
  return isOfEarlierContainer(leak, pod, given);
}

/** When each handle got its address, milliseconds since 1970; without those of which it was not noted. */
export function givenTimes(blocks: readonly IPAMBlock[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const { spec } of blocks) {
    for (const { handle, attributes } of allocationsOf(spec)) {
      const ms = allocatedAtMs(attributes);
      if (handle !== undefined && ms !== undefined) times.set(handle, ms);
    }
  }
  return times;
}

/** Remembers since when each leak has been seen, so that only one that lasts is freed. */
export class LeakWatch {
  readonly #since = new Map<string, number>();
  readonly #graceMs: number;

  constructor({ graceMs }: { readonly graceMs: number }) {
    this.#graceMs = graceMs;
  }

  get candidates(): number {
    return this.#since.size;
  }

  /** Takes the leaks seen now, and returns those that are older than the grace period. */
  observe(leaks: readonly Leak[], nowMs: number): Leak[] {
    const keys = new Set(leaks.map(keyOf));
    for (const key of this.#since.keys()) if (!keys.has(key)) this.#since.delete(key);
    return leaks.filter((leak) => {
      const since = this.#since.get(keyOf(leak)) ?? nowMs;
      this.#since.set(keyOf(leak), since);
      return nowMs - since >= this.#graceMs;
    });
  }
}

function keyOf({ address, handle }: Leak): string {
  return `${handle} ${address}`;
}
