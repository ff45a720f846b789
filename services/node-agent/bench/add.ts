// Prints how long ADD and DEL take, end to end through the agent's socket,
// with everything around the agent in memory: `node bench/add.ts [rounds]`.
import { CONFIG, createWorld, eventually, podEnvironment, preparePod, startAgent } from '../test/agent-harness.ts';

const rounds = Number(process.argv[2] ?? 200);
const world = await createWorld();
const agent = await startAgent(world);
await eventually(async () => (await agent.status()).applied?.error === '');

const addMs: number[] = [];
const delMs: number[] = [];
for (let round = 0; round < rounds; round++) {
  const pod = `p${round}`;
  await preparePod(world, { pod });
  addMs.push(await timed('ADD', pod));
}
for (let round = 0; round < rounds; round++) delMs.push(await timed('DEL', `p${round}`));
console.log(JSON.stringify({ rounds, add: summary(addMs), del: summary(delMs) }));
await agent.stop();
await world.close();

async function timed(command: string, pod: string): Promise<number> {
  const startedMs = performance.now();
  const reply = await agent.cni(podEnvironment(command, { pod }), CONFIG);
  if (reply.exitCode !== 0) throw new Error(reply.stdout);
  return performance.now() - startedMs;
}

function summary(values: readonly number[]): { p50Ms: number; p99Ms: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => Number((sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(2));
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}
