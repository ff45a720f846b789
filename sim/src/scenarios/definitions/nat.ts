import type { Cluster, RunningCommand } from '../cluster.ts';
import { pods, type RunningPod } from '../pods-of.ts';
import { eventually, type Scenario, type Step } from '../scenario.ts';
import { allPodsReachOneAnother, reaches, step } from '../steps.ts';
import { Conversation } from './conversation.ts';
import { editPool } from './pools.ts';

/** Of a server on each node's own address, on tcp and udp. */
const PORT = 8090;
const DATAGRAM_PORT = 9091;

const withPod = new Conversation();
const withNode = new Conversation({ says: 'a server', port: PORT, addressOf: ({ nodeAddress }) => nodeAddress });
const existingConnectionsLive: readonly Step[] = [withPod.lives, withNode.lives];

/** One pod of each node. */
async function onePerNode(cluster: Cluster): Promise<RunningPod[]> {
  const all = await pods(cluster);
  return all.filter(({ node }, index) => all.findIndex((other) => other.node === node) === index);
}

async function twoPods(cluster: Cluster): Promise<{ from: RunningPod; to: RunningPod }> {
  const [from, to] = await onePerNode(cluster);
  if (!from || !to) throw new Error('the cluster has no pods on two nodes');
  return { from, to };
}

/** Waits until all that a pod sends to the outside leaves with the wanted source. */
function leavesAs(what: string, wantedOf: (from: RunningPod) => string): Step {
  return step(`the outside gets ${what}`, (cluster) =>
    eventually(async () => {
      const { from } = await twoPods(cluster);
      const { address, port } = cluster.outside;
      const lines = await cluster.capture(from.node, `dst host ${address}`, async () => {
        await cluster.probe({ from: from.name, to: address, port });
      });
      const wanted = `IP ${wantedOf(from)}.`;
      const other = lines.find((line) => !line.includes(wanted));
      if (other !== undefined) return `not from ${wantedOf(from)}: ${other}`;
      return lines.length > 0 ? undefined : 'nothing left';
    }),
  );
}

/**
 * Each echoes on tcp and udp, from the address that it was asked at, of several that a node may have. Not pods on the
 * host's network: their address may be of another network than Margay's.
 */
const servers: RunningCommand[] = [];
const SERVE =
  'const port=Number(process.argv[1]);const own=process.argv[2];require("net").createServer((s)=>s.on("error",()=>s.destroy()).pipe(s)).listen(port,own);const u=require("dgram").createSocket("udp4");u.on("message",(m,from)=>u.send(m,from.port,from.address));u.bind(port,own)';

const serversStart = step('a server runs on each node’s own address', async (cluster) => {
  for (const { name, address } of await cluster.nodes()) {
    servers.push(await cluster.start(name, 'node', '-e', SERVE, String(PORT), address));
  }
});

const serversStop = step('no server runs on a node', async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

const podsReachNodes = step('pods reach the own address of every node by tcp, udp and icmp', async (cluster) => {
  const nodes = await cluster.nodes();
  const reachesNodes = async ({ name }: RunningPod): Promise<void> => {
    for (const { address } of nodes) {
      await reaches(name, address, { port: PORT }).run(cluster);
      await reaches(name, address, { port: PORT, protocol: 'udp' }).run(cluster);
      await reaches(name, address, { protocol: 'icmp' }).run(cluster);
    }
  };
  await Promise.all((await onePerNode(cluster)).map(reachesNodes));
});

const nodesSeeNodes = step('and no node gets a pod’s address in the open', async (cluster) => {
  const { from, to } = await twoPods(cluster);
  const lines = await cluster.capture(from.node, `dst host ${to.nodeAddress} and tcp dst port ${PORT}`, () =>
    reaches(from.name, to.nodeAddress, { port: PORT }).run(cluster),
  );
  const other = lines.find((line) => !line.includes(`IP ${from.nodeAddress}.`));
  if (other !== undefined || lines.length === 0) throw new Error(other ?? 'nothing was captured');
});

const podsSeePods = step('pods get packets of other pods with their own addresses', async (cluster) => {
  const { from, to } = await twoPods(cluster);
  const lines = await cluster.capture(from.node, 'ip proto 4', () => reaches(from.name, to.name).run(cluster));
  const wanted = `IP ${from.address}.`;
  if (!lines.some((line) => line.includes(wanted) && line.includes(`> ${to.address}.80`)))
    throw new Error(`no packet has '${wanted}': ${lines.slice(0, 4).join(' | ')}`);
});

/** One way: the answer to a node's own address is the business of its source filter. */
const podsHearNodes = step('pods get what a node sends from its own address', async (cluster) => {
  const { from, to } = await twoPods(cluster);
  const listen =
    'const s=require("dgram").createSocket("udp4");s.on("message",(m,from)=>console.log("from",from.address));s.bind(Number(process.argv[1]))';
  const send =
    'const [port,own,to]=process.argv.slice(1);const s=require("dgram").createSocket("udp4");s.bind(0,own,()=>s.send("x",Number(port),to,()=>s.close()))';
  const port = String(DATAGRAM_PORT);
  const server = await cluster.start(to.name, 'node', '-e', listen, port);
  try {
    await eventually(async () => {
      const { code, stderr } = await cluster.exec(from.node, 'node', '-e', send, port, from.nodeAddress, to.address);
      if (code !== 0) return stderr;
      return server.output().includes(`from ${from.nodeAddress}\n`)
        ? undefined
        : `got: ${server.output() || 'nothing'}`;
    });
  } finally {
    await server.stop();
  }
});

/** Where the pool starts encapsulated with NAT. */
export const NAT_SCENARIOS: readonly Scenario[] = [
  {
    name: 'nat-outgoing-off',
    claim:
      'without NAT, pods leave the cluster with their own addresses and reach every node; connections live on as it goes and comes back',
    steps: [
      serversStart,
      podsReachNodes,
      withPod.open,
      withNode.open,
      step('turn NAT off', (cluster) => editPool(cluster, { ipipMode: 'Always', natOutgoing: false })),
      leavesAs('the pod’s own address', ({ address }) => address),
      ...existingConnectionsLive,
      podsReachNodes,
      nodesSeeNodes,
      podsHearNodes,
      podsSeePods,
      allPodsReachOneAnother,
      step('turn NAT on again', (cluster) => editPool(cluster, { ipipMode: 'Always', natOutgoing: true })),
      leavesAs('the node’s address', ({ nodeAddress }) => nodeAddress),
      step('and answers', async (cluster) => {
        const { from } = await twoPods(cluster);
        const { address, port } = cluster.outside;
        await reaches(from.name, address, { port }).run(cluster);
      }),
      ...existingConnectionsLive,
      allPodsReachOneAnother,
    ],
    cleanUp: [
      withPod.close,
      withNode.close,
      step('NAT is on', (cluster) => editPool(cluster, { ipipMode: 'Always', natOutgoing: true })),
      serversStop,
    ],
  },
];
