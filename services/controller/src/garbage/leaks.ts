import type { IpAddress } from '@margay/ip';
import { allocationsOf } from '@margay/ipam-core';
import type { IPAMBlock, Pod } from '@margay/model';

/** An address that a pod has which is not there any more. */
export interface Leak {
  readonly address: IpAddress;
  readonly handle: string;
  readonly namespace: string;
  readonly pod: string;
  /** UID of the Pod that it was given to; empty when that was not noted. */
  readonly uid: string;
}

/**
 * Addresses whose pod is gone, or was made again under its name. What does not
 * say whose it is counts as in use: only what is surely nobody's may be freed
 * (Calico: missing attributes mean valid).
 */
export function findLeaks(
  blocks: readonly IPAMBlock[],
  findPod: (namespace: string, name: string) => Pod | undefined,
): Leak[] {
  return blocks.flatMap(({ spec }) =>
    allocationsOf(spec).flatMap(({ address, handle, attributes }) => {
      const { namespace, pod, uid = '' } = attributes;
      if (handle === undefined || namespace === undefined || pod === undefined) return [];
      const leak = { address, handle, namespace, pod, uid };
      return isLeaked(leak, findPod(namespace, pod)) ? [leak] : [];
    }),
  );
}

export function isLeaked({ uid }: Leak, pod: Pod | undefined): boolean {
  if (pod === undefined) return true;
  return uid !== '' && pod.metadata.uid !== undefined && pod.metadata.uid !== uid;
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
