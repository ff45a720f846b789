import type { Cluster } from '../cluster.ts';
import { pool } from '../manifests.ts';
import { pods } from '../pods-of.ts';
import { eventually, type Scenario } from '../scenario.ts';
import { allPodsReachOneAnother, step } from '../steps.ts';
import { Conversation } from './conversation.ts';
import { must, onEveryNode } from './on-nodes.ts';

interface PoolObject {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly cidr: string; readonly blockSize?: number };
}

/** Changes the first pool, and nothing of it that is immutable. */
export async function editPool(cluster: Cluster, change: { ipipMode: string; natOutgoing: boolean }): Promise<void> {
  const [first] = (await cluster.list('ippool')) as unknown as PoolObject[];
  if (!first) throw new Error('there is no pool');
  const { cidr, blockSize } = first.spec;
  await cluster.apply(pool(first.metadata.name, { cidr, ...(blockSize !== undefined && { blockSize }), ...change }));
}

/** Waits until every node sends to other nodes' pods through the tunnel, or not. */
function encapsulates(cluster: Cluster, wanted: boolean): Promise<void> {
  return eventually(async () => {
    const all = await pods(cluster);
    for (const { node: from } of all) {
      const other = all.find((each) => each.node !== from);
      const { stdout } = await cluster.exec(from, 'ip', 'route', 'get', other?.address ?? '');
      if (stdout.includes('margay.ipip') !== wanted) return `${from} goes by ${stdout}`;
    }
    return undefined;
  });
}

const conversation = new Conversation();

/** Where the pool starts encapsulated with NAT. */
export const POOL_EDIT_SCENARIOS: readonly Scenario[] = [
  {
    name: 'pool-edit',
    claim: 'a pool’s encapsulation may be changed while pods talk',
    steps: [
      conversation.open,
      step('turn IP-in-IP off and on again', async (cluster) => {
        for (const ipipMode of ['Never', 'Always']) {
          await editPool(cluster, { ipipMode, natOutgoing: true });
          await encapsulates(cluster, ipipMode === 'Always');
          await conversation.lives.run(cluster);
          await allPodsReachOneAnother.run(cluster);
        }
      }),
      conversation.lives,
    ],
    cleanUp: [
      conversation.close,
      step('the pool is as it was', async (cluster) => {
        await editPool(cluster, { ipipMode: 'Always', natOutgoing: true });
        await encapsulates(cluster, true);
      }),
    ],
  },
  {
    name: 'tunnel-repair',
    claim: 'a tunnel removed by hand comes back',
    steps: [
      onEveryNode('the tunnel is deleted', async (cluster, name) => {
        await must(cluster, name, 'ip', 'link', 'delete', 'margay.ipip');
      }),
      allPodsReachOneAnother,
    ],
  },
];
