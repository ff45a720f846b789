import { type EndpointEntry, type FeedBatch, Replica } from '@margay/feed-core';
import { Change } from '../state/change.ts';

/** This node's copy of the cluster state, and how fresh it is. */
export class FeedState {
  readonly replica: Replica;
  readonly changed = new Change();
  #connected = false;
  #connection = 0;
  #live = false;

  constructor(replica = new Replica()) {
    this.replica = replica;
  }

  /** A stream is open. */
  get connected(): boolean {
    return this.#connected;
  }

  /** True once this process has received a whole step: what the disk says may be older than the kernel. */
  get live(): boolean {
    return this.#live;
  }

  get revision(): bigint {
    return this.replica.position?.revision ?? 0n;
  }

  /** How many streams were opened in this process. */
  get connection(): number {
    return this.#connection;
  }

  setConnected(connected: boolean): void {
    if (connected && !this.#connected) this.#connection++;
    this.#connected = connected;
  }

  /** True when it completed a step. @throws {FeedError} */
  receive(batch: FeedBatch): boolean {
    if (!this.replica.receive(batch)) return false;
    this.#live = true;
    this.changed.notify();
    return true;
  }

  /** The policy of exactly this pod: one of another UID is another pod's. */
  endpointOf(pod: {
    readonly namespace: string;
    readonly pod: string;
    readonly uid: string;
  }): EndpointEntry | undefined {
    const entry = this.replica.endpoints.get(`${pod.namespace}/${pod.pod}`);
    return entry?.uid === pod.uid ? entry : undefined;
  }
}
