import type { IPPool, KindName } from '@margay/model';
import type { ResourceStore } from '@margay/ports';
import {
  addHealth,
  clientCredentials,
  createGrpcServer,
  createLogger,
  createMetrics,
  listen,
  shutdownServer,
  systemClock,
} from '@margay/runtime';
import { MemoryStore } from '@margay/testkit';
import { createClient, type RequestInput, type ServiceClient, unary } from '@margay/wire';
import { expect, vi } from 'vitest';
import { createIpam } from '../src/create-ipam.ts';

type Ipam = ServiceClient<'margay.ipam.v1.Ipam'>;

/** One process of the service over real gRPC. Several may share a store. */
export async function startIpam(store: ResourceStore): Promise<{ client: Ipam; stop(): Promise<void> }> {
  const server = createGrpcServer();
  const ending = new AbortController();
  const health = addHealth(server);
  const ipam = createIpam({
    store,
    server,
    health,
    metrics: createMetrics(),
    clock: systemClock,
    logger: createLogger({ name: 'ipam', level: 'error' }),
    random: Math.random,
  });
  const running = ipam.run(ending.signal);
  const port = await listen(server, '127.0.0.1:0');
  const client = createClient('margay.ipam.v1.Ipam', `127.0.0.1:${port}`, { credentials: clientCredentials() });
  await vi.waitFor(() => expect(health.ready).toBe(true));
  return {
    client,
    stop: async (): Promise<void> => {
      client.close();
      ending.abort();
      await shutdownServer(server, 0);
      await running;
    },
  };
}

export async function storeWithPools(...pools: { name: string; spec: IPPool['spec'] }[]): Promise<MemoryStore> {
  const store = new MemoryStore();
  for (const { name, spec } of pools) await store.create('IPPool', { metadata: { name }, spec });
  return store;
}

let made = 0;

/** Assigns one address under a handle of its own. */
export async function assign(
  client: Ipam,
  node: string,
  request: Partial<RequestInput<'margay.ipam.v1.Ipam', 'autoAssign'>> = {},
): Promise<string[]> {
  const handle = `margay.c${made++}`;
  const { assignments } = await unary(client, 'autoAssign', {
    node,
    handle,
    count: 1,
    use: 'USE_WORKLOAD',
    ...request,
  });
  return assignments.map(({ address }) => address);
}

/** Fails calls now and then, before or after the write was done: the caller cannot know which. */
export function unreliable(
  store: ResourceStore,
  shouldFail: (kind: KindName) => 'before' | 'after' | undefined,
): ResourceStore {
  const wrap = async <T>(kind: KindName, call: () => Promise<T>): Promise<T> => {
    const failure = shouldFail(kind);
    if (failure === 'before') throw new Error('the connection was refused');
    const result = await call();
    if (failure === 'after') throw new Error('the answer was lost');
    return result;
  };
  return {
    get: (kind, ref) => store.get(kind, ref),
    list: (kind, options) => store.list(kind, options),
    watch: (kind, options) => store.watch(kind, options),
    create: (kind, resource) => wrap(kind, () => store.create(kind, resource)),
    update: (kind, resource) => wrap(kind, () => store.update(kind, resource)),
    patch: (kind, ref, patch, options) => wrap(kind, () => store.patch(kind, ref, patch, options)),
    delete: (kind, ref, preconditions) => wrap(kind, () => store.delete(kind, ref, preconditions)),
  };
}
