import type { Cluster } from '../cluster.ts';
import { pods } from '../pods-of.ts';
import { eventually, type Scenario } from '../scenario.ts';
import { allPodsReachOneAnother, step } from '../steps.ts';

/** Two pods on different nodes, with the nodes' addresses. */
async function remotePair(cluster: Cluster) {
  const all = await pods(cluster);
  const from = all[0];
  const to = all.find(({ node }) => node !== from?.node);
  if (!from || !to) throw new Error('the cluster has no pods on two nodes');
  return { from, to };
}

/** What the outside host says it sees of a connection from `target`. */
async function seenFromOutside(cluster: Cluster, target: string): Promise<string> {
  const { address, port } = cluster.outside;
  const { stdout } = await cluster.exec(
    target,
    'bash',
    '-c',
    'exec 3<>"/dev/tcp/$0/$1" && head -n 1 <&3',
    address,
    String(port),
  );
  return stdout.trim();
}

function onTheWire(
  what: string,
  filter: string,
  check: (lines: string[], pair: Awaited<ReturnType<typeof remotePair>>) => string | undefined,
) {
  return step(what, async (cluster) => {
    const pair = await remotePair(cluster);
    const lines = await cluster.capture(pair.from.node, filter, async () => {
      await eventually(async () =>
        (await cluster.probe({ from: pair.from.name, to: pair.to.name, port: 80 })).allowed ? undefined : 'denied',
      );
    });
    const problem = check(lines, pair);
    if (problem !== undefined) throw new Error(`${problem}; captured: ${lines.slice(0, 4).join(' | ')}`);
  });
}

/** Sends `bytes` of data over tcp between two pods of different nodes and counts what arrives. */
const largeTransfer = step('a megabyte crosses by tcp, unharmed', async (cluster) => {
  const { from, to } = await remotePair(cluster);
  const server = await cluster.start(
    to.name,
    'node',
    '-e',
    'require("net").createServer((s)=>{let n=0;s.on("data",(d)=>{n+=d.length;if(n>=1048576){s.end(String(n))}})}).listen(9090)',
  );
  try {
    await eventually(async () => {
      const script =
        'const s=require("net").connect(9090,process.argv[1]);s.on("data",(d)=>process.stdout.write(d));s.on("error",()=>process.exit(1));s.write(Buffer.alloc(1048576,7))';
      const { stdout } = await cluster.exec(from.name, 'timeout', '10', 'node', '-e', script, to.address);
      return stdout === '1048576' ? undefined : `${stdout || 'nothing'} arrived`;
    });
  } finally {
    await server.stop();
  }
});

const largeDatagrams = step('pings of 8,000 bytes and of exactly the pod’s MTU cross', async (cluster) => {
  const { from, to } = await remotePair(cluster);
  const { stdout: link } = await cluster.exec(from.name, 'ip', '-o', 'link', 'show', 'eth0');
  const mtu = Number(/mtu (\d+)/.exec(link)?.[1]);
  const whole = await cluster.exec(
    from.name,
    'ping',
    '-c',
    '1',
    '-W',
    '5',
    '-M',
    'do',
    '-s',
    String(mtu - 28),
    to.address,
  );
  if (whole.code !== 0) throw new Error(`a ping of ${mtu} bytes is lost: ${whole.stdout}`);
  const fragmented = await cluster.exec(from.name, 'ping', '-c', '1', '-W', '5', '-s', '8000', to.address);
  if (fragmented.code !== 0) throw new Error(`a ping of 8,000 bytes is lost: ${fragmented.stdout}`);
});

export const ENCAPSULATED_SCENARIOS: readonly Scenario[] = [
  {
    name: 'ipip-on-the-wire',
    claim: 'between nodes, pods’ packets travel in IP-in-IP: nodes outside, pods inside',
    steps: [
      allPodsReachOneAnother,
      onTheWire('the wire has protocol 4 with both address pairs', 'ip proto 4', (lines, { from, to }) => {
        const wanted = `${from.nodeAddress} > ${to.nodeAddress}: IP ${from.address}.`;
        return lines.some((line) => line.includes(wanted) && line.includes(`> ${to.address}.80`))
          ? undefined
          : `no line has '${wanted}'`;
      }),
      onTheWire('and no pod address is in the open', 'tcp port 80', (lines) =>
        lines.length === 0 ? undefined : 'a packet is not encapsulated',
      ),
    ],
  },
  {
    name: 'nat-outgoing',
    claim: 'the outside sees a node’s address, never a pod’s',
    steps: [
      step('the outside host tells the source that it sees', async (cluster) => {
        for (const { name, nodeAddress } of await pods(cluster)) {
          const seen = await seenFromOutside(cluster, name);
          if (seen !== nodeAddress) throw new Error(`${name} on ${nodeAddress} was seen as '${seen}'`);
        }
      }),
    ],
  },
  {
    name: 'node-to-remote-pod',
    claim: 'the node itself reaches pods of other nodes through the tunnel, with the tunnel’s address',
    steps: [
      step('the pod sees the tunnel address of the other node', async (cluster) => {
        const { from, to } = await remotePair(cluster);
        const { stdout: devices } = await cluster.exec(
          from.node,
          'ip',
          '-4',
          '-o',
          'addr',
          'show',
          'dev',
          'margay.ipip',
        );
        const tunnel = /inet ([0-9.]+)/.exec(devices)?.[1];
        if (tunnel === undefined) throw new Error(`the tunnel has no address: ${devices}`);
        const ping = await cluster.exec(from.node, 'ping', '-c', '1', '-W', '5', to.address);
        if (ping.code !== 0) throw new Error(`no answer: ${ping.stdout}`);
        const route = await cluster.exec(from.node, 'ip', 'route', 'get', to.address);
        if (!route.stdout.includes(`dev margay.ipip src ${tunnel}`)) throw new Error(route.stdout);
        const lines = await cluster.capture(to.node, 'ip proto 4', async () => {
          await cluster.exec(from.node, 'ping', '-c', '2', '-W', '5', to.address);
        });
        if (!lines.some((line) => line.includes(`IP ${tunnel} > ${to.address}: ICMP echo request`)))
          throw new Error(lines.join(' | '));
      }),
    ],
  },
  {
    name: 'mtu-encapsulated',
    claim: 'a pod’s MTU leaves room for the tunnel, and packets of full size cross',
    steps: [
      step('pods have an MTU of 1480 where the underlay has 1500', async (cluster) => {
        const { from } = await remotePair(cluster);
        const { stdout } = await cluster.exec(from.name, 'ip', '-o', 'link', 'show', 'eth0');
        if (!stdout.includes('mtu 1480')) throw new Error(stdout);
      }),
      largeDatagrams,
      largeTransfer,
    ],
  },
];

export const DIRECT_SCENARIOS: readonly Scenario[] = [
  {
    name: 'direct-on-the-wire',
    claim: 'pods’ packets travel as they are, and the outside sees the pods’ own addresses',
    steps: [
      allPodsReachOneAnother,
      onTheWire('the wire has the pods’ addresses', 'tcp port 80', (lines, { from, to }) =>
        lines.some((line) => line.includes(`IP ${from.address}.`) && line.includes(`> ${to.address}.80`))
          ? undefined
          : 'no such packet',
      ),
      onTheWire('and no IP-in-IP', 'ip proto 4', (lines) => (lines.length === 0 ? undefined : 'there is one')),
      step('the outside host tells the source that it sees', async (cluster) => {
        for (const { name, address } of await pods(cluster)) {
          const seen = await seenFromOutside(cluster, name);
          if (seen !== address) throw new Error(`${name} with ${address} was seen as '${seen}'`);
        }
      }),
      step('there is no tunnel', async (cluster) => {
        for (const { name } of await cluster.nodes()) {
          const { code } = await cluster.exec(name, 'ip', 'link', 'show', 'margay.ipip');
          if (code === 0) throw new Error(`${name} has one`);
        }
      }),
    ],
  },
  {
    name: 'mtu-direct',
    claim: 'a pod’s MTU is the underlay’s, and packets of full size cross',
    steps: [
      step('pods have an MTU of 1500', async (cluster) => {
        const { from } = await remotePair(cluster);
        const { stdout } = await cluster.exec(from.name, 'ip', '-o', 'link', 'show', 'eth0');
        if (!stdout.includes('mtu 1500')) throw new Error(stdout);
      }),
      largeDatagrams,
      largeTransfer,
    ],
  },
];
