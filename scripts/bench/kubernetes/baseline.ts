import type { StartedNode } from '@margay/kind-node';
import { isReady } from '@margay/model';
import { type BenchCluster, inNode } from './bench-cluster.ts';
import { until } from './host-command.ts';

/** Of the baseline's pods; outside of Margay's pools. */
const BASELINE_PREFIX = '10.245';

/**
 * The least that any network can cost: containernetworking `ptp` and
 * `host-local`, a subnet for each node, static routes between them, and
 * nothing else. Margay never runs on these nodes: its tables are not there.
 */
export async function installBaseline(cluster: BenchCluster): Promise<void> {
  const nodes = await Promise.all(
    (await cluster.nodesOf('baseline')).map(async (node, index) => ({
      node,
      subnet: `${BASELINE_PREFIX}.${index + 1}.0/24`,
      address: await addressOf(node),
    })),
  );
  for (const { node, subnet } of nodes) {
    // Pods that are measured name their node; all others stay away, CoreDNS among them.
    const taints = [{ key: 'bench.margay.dev/measured', effect: 'NoSchedule' }];
    await cluster.store.patch('Node', { name: node.name }, { spec: { taints } });
    for (const other of nodes) {
      if (other.node === node) continue;
      await inNode(node, ['ip', 'route', 'replace', other.subnet, 'via', other.address]);
    }
    await writeConflist(node, subnet);
    await until(`${node.name} is Ready`, cluster, async () => {
      return isReady((await cluster.store.get('Node', { name: node.name })) ?? {}) || undefined;
    });
  }
}

async function addressOf(node: StartedNode): Promise<string> {
  const address = (await node.addresses()).find(({ ipv4 }) => ipv4 !== '')?.ipv4;
  if (address === undefined) throw new Error(`${node.name} has no IPv4 address.`);
  return address;
}

/** Renamed into place, so that containerd never reads a part of it. */
async function writeConflist(node: StartedNode, subnet: string): Promise<void> {
  const ipam = { type: 'host-local', ranges: [[{ subnet }]], routes: [{ dst: '0.0.0.0/0' }] };
  const plugins = [{ type: 'ptp', ipMasq: false, mtu: 1500, ipam }];
  const conflist = JSON.stringify({ cniVersion: '1.0.0', name: 'baseline', plugins });
  const draft = '/etc/cni/net.d/baseline.draft';
  await inNode(node, ['tee', draft], conflist);
  await inNode(node, ['mv', draft, '/etc/cni/net.d/10-baseline.conflist']);
}
