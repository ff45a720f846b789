// A program for the tests: starts a cluster, says each step, and deletes it; a test may kill or interrupt it before.
import { interruptible, KindCluster, KindError } from '@margay/kind-node';

const [name = '', image = '', stateFolder = ''] = process.argv.slice(2);
using interrupt = interruptible();
const cluster = new KindCluster({ name, image, stateFolder, networking: { disableDefaultCNI: true } });
try {
  await using started = await cluster.start({
    signal: interrupt.signal,
    onProgress: ({ step, state }) => console.log(`${step} ${state}`),
  });
  console.log(`started ${started.name}`);
} catch (error) {
  console.log(error instanceof KindError ? error.code : error);
  process.exitCode = 3;
}
