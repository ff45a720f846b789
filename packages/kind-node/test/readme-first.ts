// The README's first example, as a program: the README's test compares the texts, and a test runs it.
import { interruptible, KindCluster } from '@margay/kind-node';

await KindCluster.reapAbandoned(); // what earlier runs left when they were killed
using interrupt = interruptible(); // Ctrl-C aborts this signal
const { signal } = interrupt;

await using cluster = await new KindCluster({
  name: 'kind-node-readme',
  image: 'kindest/node:v1.34.4',
  nodes: [{ role: 'control-plane' }, { role: 'worker', labels: { zone: 'a' } }],
  networking: { disableDefaultCNI: true },
}).start({
  signal,
  onProgress: ({ elapsedMs, step, state }) => console.log(`${elapsedMs} ms: ${step} ${state}`),
});

await cluster.loadImages(['registry.k8s.io/pause:3.10.1'], { signal });
await cluster.writeKubeconfig('kubeconfig');
for (const node of cluster.nodes()) {
  const { exitCode, stdout } = await node.exec(['uname', '-r'], { timeoutMs: 5_000, signal });
  console.log(node.name, exitCode, stdout.trim());
}
