import { parseAddress } from '@margay/ip';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cluster, evaluate, PolicyCompiler, podAddress } from '../src/index.ts';
import { FeedState, type PacketQuestion } from './node-feed.ts';
import { events, type ObjectEvent } from './random-cluster.ts';

const seed = Number(process.env.MARGAY_SEED ?? Date.now() % 2 ** 31);
const settings = { seed, numRuns: Number(process.env.MARGAY_RUNS ?? 150) };

function feed(compiler: PolicyCompiler, event: ObjectEvent): void {
  const [, first = '', second = ''] = event.key.split('/');
  if (event.kind === 'Namespace') {
    if (event.object) compiler.upsertNamespace(event.object);
    else compiler.removeNamespace(first);
  } else if (event.kind === 'Pod') {
    if (event.object) compiler.upsertPod(event.object);
    else compiler.removePod({ namespace: first, name: second });
  } else if (event.object) {
    compiler.upsertNetworkPolicy(event.object);
  } else {
    compiler.removeNetworkPolicy({ namespace: first, name: second });
  }
}

/** Flushes after the events whose position `flushAfter` accepts, and at the end. */
function run(history: readonly ObjectEvent[], flushAfter: (index: number) => boolean): FeedState {
  const compiler = new PolicyCompiler();
  const state = new FeedState();
  for (const [index, event] of history.entries()) {
    feed(compiler, event);
    if (flushAfter(index)) state.apply(compiler.flush());
  }
  state.apply(compiler.flush());
  expect(compiler.pending).toBe(false);
  expect(compiler.flush()).toEqual({ spans: [], upserts: [], removes: [] });
  const fromSnapshot = new FeedState();
  fromSnapshot.apply(compiler.snapshot());
  expect(fromSnapshot.dump()).toEqual(state.dump());
  const count = (kind: string): number => [...state.entries.keys()].filter((key) => key.startsWith(`${kind}/`)).length;
  expect(compiler.counts).toEqual({
    policies: count('policy'),
    sets: count('set'),
    members: count('member'),
    endpoints: count('endpoint'),
  });
  return state;
}

/** The last event of every object, in the order of the last events. */
function latest(history: readonly ObjectEvent[]): ObjectEvent[] {
  const byKey = new Map<string, ObjectEvent>();
  for (const event of history) {
    byKey.delete(event.key);
    byKey.set(event.key, event);
  }
  return [...byKey.values()];
}

function clusterOf(history: readonly ObjectEvent[]): Cluster {
  const last = latest(history);
  return {
    namespaces: last.flatMap((event) => (event.kind === 'Namespace' && event.object ? [event.object] : [])),
    pods: last.flatMap((event) => (event.kind === 'Pod' && event.object ? [event.object] : [])),
    policies: last.flatMap((event) => (event.kind === 'NetworkPolicy' && event.object ? [event.object] : [])),
  };
}

describe(`PolicyCompiler (seed ${seed})`, { timeout: 120_000 }, () => {
  it('agrees with the reference evaluator for every pair, and tells a node only what it needs', () => {
    let denied = 0;
    let allowed = 0;
    fc.assert(
      fc.property(events, (history) => {
        const state = run(history, (index) => index % 3 === 0);
        const cluster = clusterOf(history);
        for (const node of state.nodes()) {
          expect({ node, ...state.node(node).accounts() }).toEqual({ node, missing: [], needless: [] });
        }
        for (const question of questions(cluster)) {
          const verdict = evaluate(cluster, question.ask);
          expect({ ...question.ask, ...enforced(state, cluster, question) }).toEqual({
            ...question.ask,
            ingress: verdict.ingress.allowed,
            egress: verdict.egress.allowed,
          });
          if (verdict.allowed) allowed++;
          else denied++;
        }
      }),
      settings,
    );
    expect(denied).toBeGreaterThan(settings.numRuns);
    expect(allowed).toBeGreaterThan(settings.numRuns);
  });

  it('ends in the same state whatever the order, the repetition and the steps of events', () => {
    fc.assert(
      fc.property(events, fc.infiniteStream(fc.boolean()), (history, coins) => {
        const last = latest(history);
        const fresh = run(
          last.filter(({ object }) => object),
          () => false,
        ).dump();
        const variants: Record<string, FeedState> = {
          'as it was, a step each': run(history, () => true),
          'as it was, at random steps': run(history, () => coins.next().value),
          'squashed into one step': run(history, () => false),
          duplicated: run([...history, ...last], (index) => index % 2 === 0),
          'each event twice': run(
            history.flatMap((event) => [event, event]),
            () => true,
          ),
          'reversed latest': run([...last].reverse(), () => true),
          'history, then reversed latest': run([...history, ...[...last].reverse()], () => coins.next().value),
        };
        for (const [name, state] of Object.entries(variants)) {
          expect({ name, ...state.dump() }).toEqual({ name, ...fresh });
        }
      }),
      settings,
    );
  });

  it('holds nothing when everything is gone', () => {
    fc.assert(
      fc.property(events, (history) => {
        const gone = latest(history).map((event) => ({ ...event, object: undefined }));
        expect(run([...history, ...gone], (index) => index % 4 === 0).dump()).toEqual({ spans: [], entries: [] });
      }),
      settings,
    );
  });
});

interface PairQuestion {
  readonly ask: Parameters<typeof evaluate>[1];
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly fromAddress: string;
  readonly toAddress: string;
}

const OUTSIDE = ['192.0.2.5', '192.0.2.200', '2001:db8::1'];

/** Every ordered pair of running pods that have an address, and every such pod with the outside. */
function* questions(cluster: Cluster): Generator<PairQuestion> {
  const running = cluster.pods.flatMap((pod) => {
    const { hostNetwork, nodeName } = pod.spec ?? {};
    const address = podAddress(pod);
    const alive = pod.status?.phase === 'Running' && hostNetwork !== true && nodeName !== undefined;
    return alive && address ? [{ pod, address: address as string }] : [];
  });
  const parties = [...running, ...OUTSIDE.map((address) => ({ pod: undefined, address }))];
  const traffic = [
    { protocol: 'TCP', port: 80 },
    { protocol: 'TCP', port: 443 },
    { protocol: 'UDP', port: 80 },
  ] as const;
  for (const from of parties) {
    for (const to of parties) {
      if (from === to || !(from.pod || to.pod)) continue;
      for (const { protocol, port } of traffic) {
        yield {
          ask: { from: peerOf(from), to: peerOf(to), protocol, port },
          from: keyOf(from.pod),
          to: keyOf(to.pod),
          fromAddress: from.address,
          toAddress: to.address,
        };
      }
    }
  }
}

function peerOf({ pod, address }: { pod: Cluster['pods'][number] | undefined; address: string }) {
  return pod ? { pod: { namespace: pod.metadata.namespace ?? '', name: pod.metadata.name } } : { ip: address };
}

function keyOf(pod: Cluster['pods'][number] | undefined): string | undefined {
  return pod && `${pod.metadata.namespace}/${pod.metadata.name}`;
}

/** What the nodes of both ends do by their own feed. */
function enforced(state: FeedState, cluster: Cluster, question: PairQuestion): { ingress: boolean; egress: boolean } {
  const { ask, from, to, fromAddress, toAddress } = question;
  const packet = (peer: string): PacketQuestion => ({
    peer: parseAddress(peer),
    protocol: ask.protocol.toLowerCase() as PacketQuestion['protocol'],
    port: ask.port,
  });
  const nodeOf = (key: string): string => cluster.pods.find((pod) => keyOf(pod) === key)?.spec?.nodeName ?? '';
  return {
    ingress: to === undefined || state.node(nodeOf(to)).allows(to, 'ingress', packet(fromAddress)),
    egress: from === undefined || state.node(nodeOf(from)).allows(from, 'egress', packet(toAddress)),
  };
}
