import { POD_LINK_PREFIX } from '@margay/routing-core';
import type { Cluster } from '../cluster.ts';
import { namespace, networkPolicy, pod } from '../manifests.ts';
import { eventually, type Scenario } from '../scenario.ts';
import { apply, becomes, cannotReach, reaches, remove, running, step } from '../steps.ts';

const NS = namespace('pods');
const POD_LINK = new RegExp(` dev ${POD_LINK_PREFIX}[0-9a-f]{11} `);

interface PodObject {
  readonly status?: { readonly podIP?: string; readonly phase?: string };
  readonly spec?: { readonly nodeName?: string };
}

async function find(cluster: Cluster, name: string, ns = 'pods'): Promise<PodObject> {
  return ((await cluster.get('pod', name, ns)) ?? {}) as PodObject;
}

interface BlockObject {
  readonly spec?: {
    readonly allocations?: readonly (number | null)[];
    readonly attributes?: readonly { readonly secondary?: Readonly<Record<string, string>> }[];
  };
}

/** The pods of a namespace that addresses are given to, as the blocks say; addresses that nodes keep ready are no pod's. */
async function owners(cluster: Cluster, ns: string): Promise<string> {
  const blocks = (await cluster.list('ipamblock')) as BlockObject[];
  const names = blocks.flatMap(({ spec }) =>
    (spec?.allocations ?? []).flatMap((each) => {
      const owner = each === null ? undefined : spec?.attributes?.[each]?.secondary;
      return owner?.namespace === ns && owner.pod !== undefined ? [owner.pod] : [];
    }),
  );
  return names.toSorted().join(', ');
}

/** Noted by one step for a later one. */
const noted = { address: '', node: '' };

export const POD_SCENARIOS: readonly Scenario[] = [
  {
    name: 'pod-lifecycle',
    claim: 'a pod gets an address, a link, a route and its listeners, and leaves nothing of them',
    steps: [
      apply(NS),
      apply(pod('one', { namespace: 'pods' }) + pod('two', { namespace: 'pods' })),
      running('pods/one', 'pods/two'),
      reaches('pods/one', 'pods/two', { port: 80, protocol: 'tcp' }),
      reaches('pods/one', 'pods/two', { port: 80, protocol: 'udp' }),
      reaches('pods/one', 'pods/two', { protocol: 'icmp' }),
      cannotReach('pods/one', 'pods/two', { port: 81, reason: 'refused' }),
      step('its node has a route to it, over its own link', async (cluster) => {
        const { status, spec } = await find(cluster, 'one');
        noted.address = status?.podIP ?? '';
        noted.node = spec?.nodeName ?? '';
        const { stdout } = await cluster.exec(noted.node, 'ip', 'route', 'show', noted.address);
        if (!POD_LINK.test(stdout)) throw new Error(`the route is '${stdout}'`);
      }),
      step('the blocks say whose its address is', (cluster) =>
        eventually(async () => {
          const found = await owners(cluster, 'pods');
          return found === 'one, two' ? undefined : `the owners are '${found}'`;
        }),
      ),
      step('the pod holds its address as /32 and has its gateway', async (cluster) => {
        const { stdout } = await cluster.exec('pods/one', 'ip', '-4', 'addr', 'show', 'eth0');
        if (!stdout.includes(`${noted.address}/32`)) throw new Error(stdout);
        const routes = await cluster.exec('pods/one', 'ip', 'route');
        if (!routes.stdout.includes('default via 169.254.1.1 dev eth0')) throw new Error(routes.stdout);
      }),
      step('somebody makes a namespace on the node by hand, and takes it away', async (cluster) => {
        for (const verb of ['add', 'del']) {
          const { code, stderr } = await cluster.exec(noted.node, 'ip', 'netns', verb, 'by-hand');
          if (code !== 0) throw new Error(stderr);
        }
      }),
      remove(pod('one', { namespace: 'pods' })),
      step('its route, link, filter entries and address are gone', (cluster) =>
        eventually(async () => {
          const route = await cluster.exec(noted.node, 'ip', 'route', 'show', noted.address);
          if (route.stdout !== '') return `the route is there: ${route.stdout}`;
          const table = await cluster.exec(noted.node, 'nft', 'list', 'table', 'inet', 'margay');
          if (table.stdout.includes(`${noted.address} `) || table.stdout.includes(`${noted.address},`))
            return 'the packet filter still has the address';
          const found = await owners(cluster, 'pods');
          return found === 'two' ? undefined : `the owners are '${found}'`;
        }),
      ),
    ],
    cleanUp: [remove(NS)],
  },
  {
    name: 'namespace-deletion',
    claim: 'a deleted namespace takes its pods with it',
    steps: [
      apply(namespace('doomed') + pod('one', { namespace: 'doomed' })),
      running('doomed/one'),
      remove(namespace('doomed')),
      step('nothing of it is left', async (cluster) => {
        if (await cluster.get('pod', 'one', 'doomed')) throw new Error('its pod is there');
      }),
    ],
  },
  {
    name: 'closed-at-start',
    claim: 'a pod starts with its policy in force: its first packets are already held',
    steps: [
      apply(NS + networkPolicy('deny', 'pods', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })),
      step('a pod that knocks at the outside from its first moment gets no packet out', async (cluster) => {
        const { address, port } = cluster.outside;
        const knock = 'while :; do timeout 1 bash -c "exec 3<>/dev/tcp/$0/$1"; done';
        const [node] = await cluster.nodes();
        const lines = await cluster.capture(node?.name ?? '', `host ${address}`, async () => {
          const command = ['bash', '-c', knock, address, String(port)];
          await cluster.apply(pod('caged', { namespace: 'pods', node: node?.name ?? '', command }));
          await running('pods/caged').run(cluster);
          await cannotReach('pods/caged', address, { port }).run(cluster);
        });
        if (lines.length > 0) throw new Error(`it got out: ${lines[0]}`);
        await cluster.delete(networkPolicy('deny', 'pods', {}));
        // The same pod, the same knocking: without the policy it gets out, so the capture would have shown it.
        const open = await cluster.capture(node?.name ?? '', `host ${address}`, () =>
          reaches('pods/caged', address, { port }).run(cluster),
        );
        if (open.length === 0) throw new Error('the capture shows nothing at all');
      }),
    ],
    cleanUp: [remove(NS)],
  },
  {
    name: 'no-policy-no-start',
    claim: 'while no policy can be had, a pod does not start, and says why; then it does',
    steps: [
      apply(NS),
      step('a new pod does not run while the policy service is silent', (cluster) =>
        cluster.whilePaused({ role: 'policy' }, async () => {
          await cluster.apply(pod('late', { namespace: 'pods' }));
          await eventually(async () => {
            const events = (await cluster.list('event', 'pods')) as {
              involvedObject?: { name?: string };
              message?: string;
            }[];
            const reason = events.find(
              ({ involvedObject, message }) => involvedObject?.name === 'late' && /polic/i.test(message ?? ''),
            );
            return reason ? undefined : `no Event tells why: ${events.map(({ message }) => message).join('; ')}`;
          });
          const { status } = await find(cluster, 'late');
          if (status?.phase === 'Running') throw new Error('it runs');
        }),
      ),
      running('pods/late'),
    ],
    cleanUp: [remove(NS)],
  },
  {
    name: 'host-network-pod',
    claim: 'a pod on the host network has its node’s address and is reached there',
    steps: [
      apply(
        NS +
          pod('host', { namespace: 'pods', hostNetwork: true, ports: [{ port: 8081, protocol: 'TCP' }] }) +
          pod('one', { namespace: 'pods' }),
      ),
      running('pods/host', 'pods/one'),
      becomes('it has its node’s address', { kind: 'pod', name: 'host', namespace: 'pods' }, (object) => {
        const { status } = object as { status?: { podIP?: string; hostIP?: string } };
        return status?.podIP === status?.hostIP ? undefined : `it has ${status?.podIP}`;
      }),
      reaches('pods/one', 'pods/host', { port: 8081 }),
      reaches('pods/host', 'pods/one', { port: 80 }),
    ],
    cleanUp: [remove(NS)],
  },
  {
    name: 'agent-killed-at-start',
    claim: 'pods start though the agent that serves them is killed meanwhile',
    steps: [
      apply(NS + ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => pod(name, { namespace: 'pods' })).join('')),
      step('kill every agent', async (cluster) => {
        const nodes = await cluster.nodes();
        await Promise.all(nodes.map(({ name }) => cluster.kill({ role: 'node-agent', node: name })));
      }),
      running(...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `pods/${name}`)),
      reaches('pods/a', 'pods/f'),
    ],
    cleanUp: [remove(NS)],
  },
];

export const UNSERVED_PORT: Scenario = {
  name: 'unserved-port',
  claim: 'a pod that asks for what the kernel lacks runs without it and says so',
  steps: [
    apply(
      NS +
        pod('sctp', {
          namespace: 'pods',
          ports: [
            { port: 80, protocol: 'TCP' },
            { port: 90, protocol: 'SCTP' },
          ],
        }),
    ),
    running('pods/sctp'),
    step('an Event names the protocol', (cluster) =>
      eventually(async () => {
        const events = (await cluster.list('event', 'pods')) as {
          involvedObject?: { name?: string };
          message?: string;
        }[];
        const found = events.some(
          ({ involvedObject, message }) => involvedObject?.name === 'sctp' && /sctp/i.test(message ?? ''),
        );
        return found ? undefined : 'none does';
      }),
    ),
  ],
  cleanUp: [remove(NS)],
};
