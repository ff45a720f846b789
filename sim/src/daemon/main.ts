import { pathsIn } from '../launcher/paths.ts';
import { prepareMounts } from './mounts.ts';
import { runSimulation } from './simulation.ts';

// The first process of the simulation's namespaces: when it ends, the kernel
// takes everything else along.

const [directory] = process.argv.slice(2);
if (directory === undefined) {
  process.stderr.write('the daemon is started by margay sim up\n');
  process.exit(2);
}
try {
  const paths = pathsIn(directory);
  prepareMounts(directory);
  await runSimulation(paths);
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(3);
}
