import type { Cluster } from '../cluster.ts';
import type { Step } from '../scenario.ts';
import { step } from '../steps.ts';

/** Runs something on every node. */
export function onEveryNode(says: string, run: (cluster: Cluster, name: string) => Promise<void>): Step {
  return step(says, async (cluster) => {
    for (const { name } of await cluster.nodes()) await run(cluster, name);
  });
}

/** The standard output of a command that must succeed. */
export async function must(cluster: Cluster, target: string, ...command: string[]): Promise<string> {
  const { code, stdout, stderr } = await cluster.exec(target, ...command);
  if (code !== 0) throw new Error(`${command.join(' ')} on ${target}: ${stderr || stdout}`);
  return stdout;
}
