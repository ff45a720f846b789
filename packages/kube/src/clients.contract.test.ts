import type { ResourceStore } from '@margay/ports';
import { describeResourceStore, findKubernetesPrograms, type StoreUnderTest } from '@margay/testkit';
import { describe } from 'vitest';
import { type ApiUnderTest, makePodFiles, startRealApi, startSimApi } from '../test/api-under-test.ts';
import { describeResilience } from '../test/describe-resilience.ts';
import { type ApiOptions, createClientNodeStore, createThinStore } from './index.ts';

type Connect = (options: ApiOptions) => ResourceStore | Promise<ResourceStore>;

const CLIENTS: readonly (readonly [string, Connect])[] = [
  ['the official client', createClientNodeStore],
  ['the thin client', createThinStore],
];

async function storeOf(startApi: () => Promise<ApiUnderTest>, connect: Connect): Promise<StoreUnderTest> {
  const api = await startApi();
  const files = makePodFiles(api, api.port);
  const store = await connect(files.options);
  let step = 0;
  const churn = (): Promise<unknown> =>
    store.patch('Namespace', { name: 'default' }, { metadata: { labels: { step: `${++step}` } } });
  return {
    store,
    namespace: 'default',
    compact: () => api.compact(churn),
    close: async () => {
      await api.close();
      files.remove();
    },
  };
}

// The contract of the store on the simulator's server is in contract.test.ts, which needs no other program.
for (const [name, connect] of CLIENTS)
  describeResilience(`${name} on the simulator's API server`, startSimApi, connect);

const programs = findKubernetesPrograms();
describe.skipIf(programs === undefined)('with the real programs', () => {
  const startApi = (): Promise<ApiUnderTest> => {
    if (programs === undefined) throw new Error('kube-apiserver and etcd are not here');
    return startRealApi(programs);
  };
  for (const [name, connect] of CLIENTS) {
    describeResourceStore(`${name} on kube-apiserver`, () => storeOf(startApi, connect));
    describeResilience(`${name} on kube-apiserver`, startApi, connect);
  }
});
