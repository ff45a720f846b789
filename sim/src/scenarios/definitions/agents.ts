import type { Cluster, RunningCommand } from '../cluster.ts';
import { namespace, networkPolicy, pod } from '../manifests.ts';
import { pods, type RunningPod } from '../pods-of.ts';
import { eventually, type Scenario } from '../scenario.ts';
import { allPodsReachOneAnother, apply, cannotReach, reaches, remove, running, step } from '../steps.ts';

const NS = namespace('agents');
const [WEB, CLIENT, STRANGER] = ['agents/web', 'agents/client', 'agents/stranger'] as const;
const PODS = ['web', 'client', 'stranger'].map((name) => pod(name, { namespace: 'agents', labels: { app: name } }));
const POLICIES = [
  networkPolicy('deny', 'agents', { podSelector: {}, policyTypes: ['Ingress'] }),
  networkPolicy('allow-client', 'agents', {
    podSelector: { matchLabels: { app: 'web' } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'client' } } }] }],
  }),
];

/** Knocks every 25 ms, a new connection each time, and says of each whether it was let in. */
const KNOCK =
  'const knock=()=>{const s=require("net").connect(80,process.argv[1]);const say=(word)=>{console.log(word);s.destroy()};s.setTimeout(500,()=>say("kept out"));s.on("connect",()=>say("let in"));s.on("error",()=>say("kept out"))};setInterval(knock,25)';
/** One connection that asks for an echo every 25 ms. */
const TALK =
  'const s=require("net").connect(80,process.argv[1]);s.on("data",()=>console.log("answer"));for(const e of ["error","close"])s.on(e,()=>{console.log("lost");process.exit(1)});setInterval(()=>s.write("x\\n"),25)';

/** Two pods that try one and the same pod all the time. */
class Onlookers {
  #stranger: RunningCommand | undefined;
  #client: RunningCommand | undefined;

  begin = step('a stranger knocks all the time, and a client keeps a connection', async (cluster) => {
    const { address } = await find(cluster, WEB);
    this.#stranger = await cluster.start(STRANGER, 'node', '-e', KNOCK, address);
    this.#client = await cluster.start(CLIENT, 'node', '-e', TALK, address);
    await this.look();
  });

  /** The same knocking, when nothing forbids it: so it would have shown. */
  letIn = step('the stranger is let in at last', () =>
    eventually(async () => (count(this.#stranger, 'let in') > 0 ? undefined : 'it never was')),
  );

  end = step('they end', async () => {
    await Promise.all([this.#stranger?.stop(), this.#client?.stop()]);
  });

  /** Both have tried many more times from now on, and never was it otherwise. */
  async look(): Promise<void> {
    const tries = (): number[] => [count(this.#stranger, 'kept out'), count(this.#client, 'answer')];
    const before = tries();
    await eventually(async () => {
      if (count(this.#stranger, 'let in') > 0) throw new Error('the stranger was let in');
      if (count(this.#client, 'lost') > 0) throw new Error('the client lost its connection');
      return tries().every((now, at) => now >= (before[at] ?? 0) + 60) ? undefined : 'they do not get on';
    });
  }
}

function count(command: RunningCommand | undefined, word: string): number {
  return (command?.output().split(word).length ?? 1) - 1;
}

async function find(cluster: Cluster, name: string): Promise<RunningPod> {
  const found = (await pods(cluster)).find((each) => each.name === name);
  if (!found) throw new Error(`${name} does not run`);
  return found;
}

/** What somebody may take away inside of a pod, and by which command. */
const IN_POD = {
  'its default route': ['ip', 'route', 'del', 'default'],
  'its address': ['ip', 'addr', 'flush', 'dev', 'eth0'],
  'its link’s being up': ['ip', 'link', 'set', 'eth0', 'down'],
} as const;

/** Every pod loses one of the things above, and every one is lost by some pod. */
const everyPodLosesSomething = step('every pod loses a part of its network', async (cluster) => {
  const losses = Object.entries(IN_POD);
  for (const [at, { name }] of (await pods(cluster)).entries()) {
    const [what, command] = losses[at % losses.length] ?? ['nothing', ['true']];
    const { code, stderr } = await cluster.exec(name, ...command);
    if (code !== 0) throw new Error(`${name} does not lose ${what}: ${stderr}`);
  }
});

const onlookers = new Onlookers();

export const AGENT_SCENARIOS: readonly Scenario[] = [
  {
    name: 'pod-network-repair',
    claim: 'what somebody removes of a pod’s network inside of the pod comes back',
    steps: [everyPodLosesSomething, allPodsReachOneAnother],
  },
  {
    name: 'agent-restart',
    claim: 'denied stays denied at every moment, and connections live on, while an agent restarts without the fanout',
    steps: [
      apply(NS + PODS.join('')),
      running(WEB, CLIENT, STRANGER),
      apply(POLICIES.join('')),
      cannotReach(STRANGER, WEB),
      reaches(CLIENT, WEB),
      onlookers.begin,
      step('kill every agent while the fanout is silent, twice', (cluster) =>
        cluster.whilePaused({ role: 'fanout' }, async () => {
          for (let round = 0; round < 2; round++) {
            // At once: a cluster need not let a service be silent for long.
            const nodes = await cluster.nodes();
            await Promise.all(nodes.map(({ name }) => cluster.kill({ role: 'node-agent', node: name })));
            await onlookers.look();
            await reaches(CLIENT, WEB).run(cluster);
          }
        }),
      ),
      step('and so it is with the fanout back', () => onlookers.look()),
      reaches(CLIENT, WEB),
      cannotReach(STRANGER, WEB),
      step('and never was it otherwise', () => onlookers.look()),
      remove(POLICIES.join('')),
      onlookers.letIn,
    ],
    cleanUp: [onlookers.end, remove(NS)],
  },
];
