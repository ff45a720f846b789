import { entryKey, type FeedBatch, type FeedEntry } from '@margay/feed-core';
import { addressAt, parseCidr } from '@margay/ip';
import { createGrpcServer, listen, shutdownServer } from '@margay/runtime';
import { addService, CallError, encodeFeedBatch, type ServiceHandlers } from '@margay/wire';

/** Addresses by handle, over real gRPC on the loopback. */
export interface FakeIpam {
  readonly address: string;
  readonly byHandle: Map<string, string>;
  /** Addresses that it keeps ready for the node. */
  readonly reserve: Set<string>;
  /** How many it grants; none unless a test says so. */
  reserveLimit: number;
  /** What the node told of its reserve. */
  readonly reports: { readonly handovers: { address: string; handle: string }[]; readonly returns: string[] }[];
  /** Calls about the reserve, and how many of them succeeded. */
  attempts: number;
  answered: number;
  /** While set, every call fails with this. */
  failure: CallError | undefined;
  close(): Promise<void>;
}

export async function startFakeIpam(pool = '10.8.0.0/16'): Promise<FakeIpam> {
  const server = createGrpcServer();
  const byHandle = new Map<string, string>();
  let next = 1;
  const assign = (handle: string): string => {
    const address = byHandle.get(handle) ?? addressAt(parseCidr(pool), next++);
    byHandle.set(handle, address);
    return address;
  };
  const fake: FakeIpam = {
    address: '',
    byHandle,
    reserve: new Set(),
    reserveLimit: 0,
    reports: [],
    attempts: 0,
    answered: 0,
    failure: undefined,
    close: () => shutdownServer(server, 0),
  };
  const handlers: ServiceHandlers<'margay.ipam.v1.Ipam'> = {
    async autoAssign({ handle }) {
      if (fake.failure) throw fake.failure;
      return { assignments: [{ address: assign(handle), block: '10.8.0.0/26', pool }] };
    },
    async releaseHandle({ handle }) {
      if (fake.failure) throw fake.failure;
      const address = byHandle.get(handle);
      byHandle.delete(handle);
      return { released: address === undefined ? [] : [address] };
    },
    async keepReserve({ count, handovers, returns }) {
      fake.attempts++;
      if (fake.failure) throw fake.failure;
      fake.reports.push({ handovers: handovers.map(({ address, handle }) => ({ address, handle })), returns });
      const held = fake.reserve;
      const refused: string[] = [];
      for (const { address, handle } of handovers) {
        const holder = [...byHandle].find(([, each]) => each === address)?.[0];
        if (holder === handle) continue;
        if (holder === undefined) byHandle.set(handle, address);
        else refused.push(address);
        held.delete(address);
      }
      for (const address of returns) held.delete(address);
      const limit = Math.min(count, fake.reserveLimit);
      while (held.size < limit) held.add(addressAt(parseCidr(pool), next++));
      fake.answered++;
      return { reserve: [...held].map((address) => ({ address, block: '10.8.0.0/26', pool })), refused, limit };
    },
    async releaseAddresses() {
      throw new CallError('UNIMPLEMENTED', 'not needed');
    },
    async releaseNode() {
      throw new CallError('UNIMPLEMENTED', 'not needed');
    },
  };
  addService(server, 'margay.ipam.v1.Ipam', handlers);
  const port = await listen(server, '127.0.0.1:0');
  return Object.assign(fake, { address: `127.0.0.1:${port}` });
}

/** One feed for whoever subscribes, over real gRPC on the loopback. */
export class FakeFeed {
  address = '';
  readonly epoch: string;
  readonly subscriptions: { node: string; epoch: string; revision: number }[] = [];
  readonly #server = createGrpcServer();
  readonly #entries = new Map<string, FeedEntry>();
  readonly #streams = new Set<(batch: FeedBatch) => Promise<void>>();
  #revision = 0n;

  private constructor(epoch: string) {
    this.epoch = epoch;
  }

  static async start(entries: readonly FeedEntry[], epoch = 'epoch-1'): Promise<FakeFeed> {
    const feed = new FakeFeed(epoch);
    for (const entry of entries) feed.#entries.set(entryKey(entry), entry);
    feed.#revision = 1n;
    const handlers: ServiceHandlers<'margay.feed.v1.Feed'> = {
      async subscribe(request, writer, { signal }) {
        feed.subscriptions.push(request);
        const resumed = request.epoch === feed.epoch && BigInt(request.revision) === feed.#revision;
        const send = (batch: FeedBatch): Promise<void> => writer.write(encodeFeedBatch(batch));
        await send(feed.#batch({ snapshotStart: !resumed, upserts: resumed ? [] : [...feed.#entries.values()] }));
        feed.#streams.add(send);
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        feed.#streams.delete(send);
      },
    };
    addService(feed.#server, 'margay.feed.v1.Feed', handlers);
    const port = await listen(feed.#server, '127.0.0.1:0');
    feed.address = `127.0.0.1:${port}`;
    return feed;
  }

  /** One step to every stream. */
  async push(upserts: readonly FeedEntry[], removes: readonly string[] = []): Promise<void> {
    for (const entry of upserts) this.#entries.set(entryKey(entry), entry);
    for (const key of removes) this.#entries.delete(key);
    this.#revision++;
    await Promise.all([...this.#streams].map((send) => send(this.#batch({ upserts, removes }))));
  }

  close(): Promise<void> {
    return shutdownServer(this.#server, 0);
  }

  #batch(parts: Partial<FeedBatch>): FeedBatch {
    return {
      epoch: this.epoch,
      revision: this.#revision,
      snapshotStart: false,
      complete: true,
      upserts: [],
      removes: [],
      ...parts,
    };
  }
}
