import { POD_LINK_PREFIX } from '@margay/routing-core';
import type { Cluster } from '../cluster.ts';
import { namespace, networkPolicy, pod } from '../manifests.ts';
import { pods } from '../pods-of.ts';
import { eventually, type Scenario, type Step } from '../scenario.ts';
import { allPodsReachOneAnother, apply, cannotReach, kill, reaches, remove, running, step } from '../steps.ts';
import { Conversation } from './conversation.ts';
import { must, onEveryNode } from './on-nodes.ts';

const conversation = new Conversation();
const NS = namespace('moving');

/** In `ip -o link`. */
const POD_LINK = new RegExp(`(${POD_LINK_PREFIX}[0-9a-f]{11})@`, 'g');

/** Noted by one step for a later one. */
const noted = { node: '', underlay: '', extra: '' };

async function noteFirstNode(cluster: Cluster): Promise<void> {
  const [first] = await cluster.nodes();
  if (!first) throw new Error('the cluster has no node');
  noted.node = first.name;
  noted.underlay = first.underlay;
}

/** Waits until the Node's condition Ready has this status. */
function becomesReady(cluster: Cluster, name: string, wanted: 'True' | 'Unknown'): Promise<void> {
  return eventually(async () => {
    const found = (await cluster.get('node', name)) as
      | { status?: { conditions?: { type: string; status: string }[] } }
      | undefined;
    const status = found?.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
    return status === wanted ? undefined : `${name} is Ready=${status ?? 'nothing'}, not ${wanted}`;
  });
}

/**
 * Blocks stay as long as pods are bound to their node. Kubernetes' garbage
 * collector looks every 20 s, and takes the pods of a node 40 s after it first
 * misses the node.
 */
const PODS_COLLECTED_MS = 120_000;

const newNodeCarriesPods: readonly Step[] = [
  step('a node comes and gets ready', async (cluster) => {
    noted.extra = await cluster.addNode();
    await becomesReady(cluster, noted.extra, 'True');
  }),
  step('a pod is made there', (cluster) =>
    cluster.apply(NS + pod('there', { namespace: 'moving', node: noted.extra })),
  ),
  running('moving/there'),
  allPodsReachOneAnother,
];

const SERVICES = ['controller', 'ipam', 'policy', 'fanout', 'apiserver'];

export const CONVERGENCE_SCENARIOS: readonly Scenario[] = [
  {
    name: 'kill-everything',
    claim:
      'every service, every agent and the API server may be killed; connections live on and the cluster mends itself',
    steps: [
      conversation.open,
      ...SERVICES.flatMap((role) => [kill({ role }), conversation.lives]),
      step('kill every agent', async (cluster) => {
        const nodes = await cluster.nodes();
        await Promise.all(nodes.map(({ name }) => cluster.kill({ role: 'node-agent', node: name })));
      }),
      conversation.lives,
      allPodsReachOneAnother,
      apply(NS + pod('after', { namespace: 'moving' })),
      running('moving/after'),
      allPodsReachOneAnother,
      conversation.lives,
    ],
    cleanUp: [remove(NS), conversation.close],
  },
  {
    name: 'node-network-repair',
    claim: 'a route, the packet filter or a pod link removed by hand comes back',
    steps: [
      allPodsReachOneAnother,
      onEveryNode('all routes of ours are deleted', async (cluster, name) => {
        await must(cluster, name, 'ip', 'route', 'flush', 'proto', '77');
      }),
      allPodsReachOneAnother,
      apply(NS + pod('kept', { namespace: 'moving' }) + networkPolicy('deny', 'moving', { podSelector: {} })),
      running('moving/kept'),
      step('another pod is kept out of it', async (cluster) => {
        const other = (await pods(cluster)).find(({ name }) => name !== 'moving/kept');
        await cannotReach(other?.name ?? '', 'moving/kept').run(cluster);
      }),
      // Not the whole rule set: on a real node others have tables too, which nobody would bring back.
      onEveryNode('the packet filter is deleted', async (cluster, name) => {
        await must(cluster, name, 'nft', 'delete', 'table', 'inet', 'margay');
      }),
      onEveryNode('the table is there again', (cluster, name) =>
        eventually(async () =>
          (await cluster.exec(name, 'nft', 'list', 'table', 'inet', 'margay')).code === 0 ? undefined : 'it is not',
        ),
      ),
      step('and the pod is kept out again', async (cluster) => {
        const other = (await pods(cluster)).find(({ name }) => name !== 'moving/kept');
        await cannotReach(other?.name ?? '', 'moving/kept').run(cluster);
      }),
      remove(NS),
      allPodsReachOneAnother,
      onEveryNode('every pod link is deleted', async (cluster, name) => {
        const links = await must(cluster, name, 'ip', '-o', 'link');
        for (const [, link] of links.matchAll(POD_LINK)) await must(cluster, name, 'ip', 'link', 'delete', link ?? '');
      }),
      allPodsReachOneAnother,
    ],
    cleanUp: [remove(NS)],
  },
  {
    name: 'underlay-down',
    claim: 'a node whose underlay link was down is Ready and reachable again once the link is up',
    steps: [
      allPodsReachOneAnother,
      step('a node’s underlay link goes down and stays so', async (cluster) => {
        await noteFirstNode(cluster);
        await cluster.setUnderlay(noted.node, 'down');
        const all = await pods(cluster);
        const here = all.find(({ node: name }) => name === noted.node);
        const there = all.find(({ node: name }) => name !== noted.node);
        await cannotReach(there?.name ?? '', here?.name ?? '').run(cluster);
        if (cluster.apiOverUnderlay) await becomesReady(cluster, noted.node, 'Unknown');
        const links = await must(cluster, noted.node, 'ip', '-o', 'link', 'show', 'dev', noted.underlay);
        if (!links.includes('state DOWN')) throw new Error(`the link is up: ${links}`);
      }),
      step('the link is set up', (cluster) => cluster.setUnderlay(noted.node, 'up')),
      step('its pods reach the outside', async (cluster) => {
        const one = (await pods(cluster)).find(({ node: name }) => name === noted.node);
        if (!one) throw new Error('the node has no pod');
        const { address, port } = cluster.outside;
        await reaches(one.name, address, { port }).run(cluster);
      }),
      step('it is Ready', (cluster) => becomesReady(cluster, noted.node, 'True')),
      allPodsReachOneAnother,
    ],
    cleanUp: [
      step('the link is up', async (cluster) => {
        if (noted.node !== '') await cluster.setUnderlay(noted.node, 'up');
      }),
    ],
  },
];

/** What Kubernetes itself does about nodes: the same in every mode. */
export const NODE_LIFECYCLE_SCENARIOS: readonly Scenario[] = [
  {
    name: 'silent-kubelet',
    claim: 'a node whose kubelet is silent is not Ready, gets no new pods, and is Ready again when it speaks',
    steps: [
      apply(NS),
      step('new pods stay off the silent node', async (cluster) => {
        await noteFirstNode(cluster);
        await cluster.whilePaused({ role: 'kubelet', node: noted.node }, async () => {
          await becomesReady(cluster, noted.node, 'Unknown');
          const status = await cluster.get('node', noted.node);
          if (!JSON.stringify(status).includes('NodeStatusUnknown')) throw new Error(JSON.stringify(status));
          const names = ['a', 'b', 'c', 'd'];
          await cluster.apply(names.map((name) => pod(name, { namespace: 'moving' })).join(''));
          await cluster.apply(pod('bound', { namespace: 'moving', node: noted.node }));
          await running(...names.map((name) => `moving/${name}`)).run(cluster);
          const bound = (await cluster.get('pod', 'bound', 'moving')) as { spec?: { nodeName?: string } } | undefined;
          if (bound?.spec?.nodeName !== undefined) throw new Error(`it was bound to ${bound.spec.nodeName}`);
          for (const name of names) {
            const { spec } = (await cluster.get('pod', name, 'moving')) as { spec?: { nodeName?: string } };
            if (spec?.nodeName === noted.node) throw new Error(`pod ${name} is on the silent node`);
          }
        });
      }),
      step('it is Ready again', (cluster) => becomesReady(cluster, noted.node, 'True')),
      running('moving/bound'),
      allPodsReachOneAnother,
    ],
    cleanUp: [remove(NS)],
  },
  {
    name: 'lost-pod',
    claim: 'a pod that is bound to no node at all can be deleted',
    steps: [
      apply(NS),
      apply(pod('lost', { namespace: 'moving', nodeName: 'nowhere' })),
      remove(pod('lost', { namespace: 'moving' })),
    ],
    cleanUp: [remove(NS)],
  },
  {
    name: 'nodes-come-and-go',
    claim: 'nodes come and go, and come again under the same name',
    steps: [
      ...newNodeCarriesPods,
      remove(NS),
      step('the node goes', (cluster) => cluster.removeNode()),
      step('its blocks are freed', (cluster) =>
        eventually(async () => {
          const blocks = (await cluster.list('ipamblock')) as { spec?: { affinity?: string } }[];
          return blocks.some(({ spec }) => spec?.affinity === `host:${noted.extra}`) ? 'it still has one' : undefined;
        }, PODS_COLLECTED_MS),
      ),
      onEveryNode('no other node routes to it any more', (cluster, name) =>
        eventually(async () => {
          const routes = await must(cluster, name, 'ip', 'route', 'show', 'proto', '77');
          const blocks = (await cluster.list('ipamblock')) as { spec?: { cidr?: string } }[];
          const known = new Set(blocks.map(({ spec }) => spec?.cidr));
          const stale = [...routes.matchAll(/^(?:blackhole )?(\S+\/\d+) /gm)].filter(([, cidr]) => !known.has(cidr));
          return stale.length === 0 ? undefined : `${name} still has ${stale[0]?.[0]}`;
        }),
      ),
      allPodsReachOneAnother,
      ...newNodeCarriesPods,
    ],
    cleanUp: [remove(NS), step('the node is gone', (cluster) => cluster.removeNode())],
  },
];
