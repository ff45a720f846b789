import { mkdirSync, readFileSync } from 'node:fs';
import { createNamedNamespace, deleteNamedNamespace } from '@margay/kernel-linux';
import {
  addNetworkList,
  type CniRuntime,
  delNetworkList,
  loadNetworkList,
  type NetworkList,
  parseNetworkList,
} from '../../sim/src/nodes/cni/index.ts';
import type { CniTimes } from './cni.ts';

// Runs inside a node's namespaces: makes pods' namespaces and calls both
// plugins, as a container runtime would. Prints the times as JSON.

const pods = JSON.parse(readFileSync(0, 'utf8')) as { name: string; uid: string }[];

const PEER_LIST = JSON.stringify({
  cniVersion: '1.0.0',
  name: 'peer',
  plugins: [
    {
      type: 'ptp',
      mtu: 1500,
      ipam: { type: 'host-local', dataDir: '/run/bench-ipam', ranges: [[{ subnet: '10.99.0.0/16' }]] },
    },
  ],
});

const folder = '/run/netns';
mkdirSync(folder, { recursive: true });
const times: CniTimes = { margay: { add: [], del: [] }, peer: { add: [], del: [] } };
const contenders: { readonly name: 'margay' | 'peer'; readonly list: NetworkList; readonly runtime: CniRuntime }[] = [
  { name: 'margay', list: loadNetworkList('/etc/cni/net.d'), runtime: runtime('/opt/cni/bin') },
  { name: 'peer', list: parseNetworkList(PEER_LIST), runtime: runtime('/usr/lib/cni') },
];

for (const [index, pod] of pods.entries()) {
  for (const { name, list, runtime: how } of index % 2 === 0 ? contenders : [...contenders].reverse()) {
    const netnsPath = `${folder}/bench-${name}-${index}`;
    createNamedNamespace(netnsPath);
    const attachment = {
      containerId: `${name}${index}`.padEnd(32, '0'),
      netnsPath,
      ifName: 'eth0',
      args: [
        ['IgnoreUnknown', '1'],
        ['K8S_POD_NAMESPACE', 'default'],
        ['K8S_POD_NAME', pod.name],
        ['K8S_POD_UID', pod.uid],
        ['K8S_POD_INFRA_CONTAINER_ID', `${name}${index}`.padEnd(32, '0')],
      ] as const,
    };
    times[name].add.push(await timed(() => addNetworkList(how, list, attachment)));
    times[name].del.push(await timed(() => delNetworkList(how, list, attachment)));
    deleteNamedNamespace(netnsPath);
  }
}
process.stdout.write(JSON.stringify(times));

function runtime(binDir: string): CniRuntime {
  return { binDirs: [binDir], cacheDir: '/run/bench-cache', timeoutMs: 30_000 };
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await action();
  return performance.now() - startedMs;
}
