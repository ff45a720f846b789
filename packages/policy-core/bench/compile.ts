/**
 * Prints how long the policy compiler takes: everything at once, then event by
 * event. `node bench/compile.ts [policies] [pods] [namespaces]`, 1000, 10000 and 100 by default.
 */
import { ANNOTATION, type NetworkPolicy, type Pod } from '@margay/model';
import { PolicyCompiler } from '../src/index.ts';

const policyCount = Number(process.argv[2] ?? 1_000);
const podCount = Number(process.argv[3] ?? 10_000);
const NAMESPACES = Number(process.argv[4] ?? 100);
const NODES = 100;
const APPS = 20;

function makePod(index: number): Pod {
  const name = `pod-${index}`;
  const address = `10.${8 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
  return {
    metadata: {
      name,
      namespace: `ns-${index % NAMESPACES}`,
      uid: name,
      labels: {
        app: `app-${Math.floor(index / NAMESPACES) % APPS}`,
        'pod-template-hash': `h${index % 977}`,
        tier: 'x',
      },
      annotations: { [ANNOTATION.podAddress]: address },
    },
    spec: { nodeName: `node-${index % NODES}` },
    status: { phase: 'Running', podIP: address },
  };
}

function makePolicy(index: number): NetworkPolicy {
  const app = (offset: number): object => ({ matchLabels: { app: `app-${(index + offset) % APPS}` } });
  return {
    metadata: { name: `policy-${index}`, namespace: `ns-${index % NAMESPACES}`, uid: `policy-${index}` },
    spec: {
      podSelector: app(Math.floor(index / NAMESPACES)),
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { from: [{ podSelector: app(1) }, { podSelector: app(2) }], ports: [{ port: 80 }, { port: 443 }] },
        { from: [{ namespaceSelector: { matchLabels: { team: `team-${index % 10}` } }, podSelector: app(3) }] },
      ],
      egress: [{ to: [{ podSelector: app(4) }, { ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.128/28'] } }] }],
    },
  };
}

function timed(action: () => void): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

const compiler = new PolicyCompiler();
const pods = Array.from({ length: podCount }, (_, index) => makePod(index));
const policies = Array.from({ length: policyCount }, (_, index) => makePolicy(index));

const compileMs = timed(() => {
  for (let index = 0; index < NAMESPACES; index++) {
    compiler.upsertNamespace({ metadata: { name: `ns-${index}`, labels: { team: `team-${index % 10}` } } });
  }
  for (const pod of pods) compiler.upsertPod(pod);
  for (const policy of policies) compiler.upsertNetworkPolicy(policy);
  compiler.flush();
});
console.log(`${policyCount} policies, ${podCount} pods, ${NAMESPACES} namespaces, ${NODES} nodes`);
console.log(`full compile: ${compileMs.toFixed(1)} ms; the feed holds ${JSON.stringify(compiler.counts)}`);
console.log(`snapshot: ${timed(() => compiler.snapshot()).toFixed(1)} ms`);

function report(name: string, samples: number[]): void {
  samples.sort((a, b) => a - b);
  const at = (part: number): string => ((samples[Math.floor((samples.length - 1) * part)] ?? 0) * 1_000).toFixed(1);
  console.log(`${name}: p50 ${at(0.5)} µs, p99 ${at(0.99)} µs, each with its own flush, ${samples.length} times`);
}

const added = Array.from({ length: 2_000 }, (_, index) => makePod(podCount + index));
const step = (action: () => void): number =>
  timed(() => {
    action();
    compiler.flush();
  });
report(
  'add a pod',
  added.map((pod) => step(() => compiler.upsertPod(pod))),
);
const moved = added.map((pod) => ({ ...pod, metadata: { ...pod.metadata, labels: { app: 'app-7' } } }));
report(
  'relabel a pod',
  moved.map((pod) => step(() => compiler.upsertPod(pod))),
);
const heartbeat = moved.map((pod) => ({ ...pod, status: { ...pod.status, message: 'still here' } }));
report(
  'a status that policy does not read',
  heartbeat.map((pod) => step(() => compiler.upsertPod(pod))),
);
const names = added.map(({ metadata }) => ({ namespace: metadata.namespace ?? '', name: metadata.name }));
report(
  'remove a pod',
  names.map((name) => step(() => compiler.removePod(name))),
);
const more = Array.from({ length: 500 }, (_, index) => makePolicy(policyCount + index));
report(
  'add a policy',
  more.map((policy) => step(() => compiler.upsertNetworkPolicy(policy))),
);
console.log(`resident memory: ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`);
