import type { DaemonSet, Pod } from '@margay/model';
import { createFakeClock, type FakeClock, MemoryStore } from '@margay/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { type WaitOutcome, waitForNodes } from '../src/uninstall/wait-for-nodes.ts';

const NAMESPACE = 'margay-system';
const REFERENCE = { namespace: NAMESPACE, name: 'margay-uninstall' };

let store: MemoryStore;
let clock: FakeClock;
let printed: string[];
/** How often that was tried; the first time fails. */
let kindsDeleted: number;
/** What was left when its own account was taken away. */
let leftBeforeAccount: string[] | undefined;

beforeEach(async () => {
  store = new MemoryStore();
  clock = createFakeClock();
  printed = [];
  kindsDeleted = 0;
  leftBeforeAccount = undefined;
  await store.create('DaemonSet', { metadata: REFERENCE, status: status(0) });
  for (const kind of ['ClusterRole', 'ClusterRoleBinding'] as const) {
    await store.create(kind, { metadata: { name: REFERENCE.name } });
  }
  await store.create('ServiceAccount', { metadata: REFERENCE });
  await store.create('Lease', { metadata: { namespace: NAMESPACE, name: 'margay-controller' } });
  await store.create('ConfigMap', { metadata: { namespace: NAMESPACE, name: 'margay-pools' } });
  // Of somebody else.
  await store.create('ConfigMap', { metadata: { namespace: NAMESPACE, name: 'theirs' } });
});

function status(numberReady: number): NonNullable<DaemonSet['status']> {
  return { observedGeneration: 1, desiredNumberScheduled: 2, numberReady };
}

function podOn(node: string, isReady = false): Pod {
  return {
    metadata: {
      namespace: NAMESPACE,
      name: `margay-uninstall-${node}`,
      labels: { 'app.kubernetes.io/name': 'margay', 'app.kubernetes.io/component': 'uninstall' },
    },
    spec: { nodeName: node },
    status: { conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
  };
}

function wait({
  keepsKinds = true,
  logs = {},
}: {
  keepsKinds?: boolean;
  logs?: Record<string, string>;
} = {}): Promise<WaitOutcome> {
  return waitForNodes({
    store,
    readLog: async ({ spec }) => {
      const log = logs[spec?.nodeName ?? ''];
      if (log === undefined) throw new Error('the container has not started');
      return log;
    },
    namespace: NAMESPACE,
    timeoutMs: 20_000,
    ...(!keepsKinds && { deleteKinds }),
    removeAccount: async () => {
      leftBeforeAccount = await left();
    },
    clock,
    print: (text) => printed.push(text),
  });
}

async function deleteKinds(): Promise<void> {
  kindsDeleted++;
  if (kindsDeleted === 1) throw new Error('objects remain');
}

async function left(): Promise<string[]> {
  const kinds = [
    'DaemonSet',
    'ClusterRole',
    'ClusterRoleBinding',
    'ServiceAccount',
    'Lease',
    'ConfigMap',
    'Pod',
  ] as const;
  const lists = await Promise.all(kinds.map((kind) => store.list(kind)));
  return lists.flatMap(({ items }, index) => items.map(({ metadata }) => `${kinds[index]} ${metadata.name}`));
}

describe('waitForNodes', () => {
  it.each([
    { keepsKinds: true, stays: ['ConfigMap margay-pools', 'ConfigMap theirs'] },
    { keepsKinds: false, stays: ['ConfigMap theirs'] },
  ])('deletes what did the cleaning once all is clean (kinds are kept: $keepsKinds)', async ({ keepsKinds, stays }) => {
    await store.create('Pod', { metadata: { namespace: NAMESPACE, name: 'margay-test' } });
    const outcome = wait({ keepsKinds });
    await clock.waitForSleepers(1);
    expect(await left()).toContain('DaemonSet margay-uninstall');
    await store.patch('DaemonSet', REFERENCE, { status: status(2) });
    await clock.advance(2_000);
    expect(await outcome).toBe('done');
    expect(kindsDeleted).toBe(keepsKinds ? 0 : 2);
    expect(await left()).toEqual(stays);
    expect(leftBeforeAccount).toEqual(stays);
    expect(printed.join('')).toBe('Every node is as it was before.\n');
  });

  it.each([
    { name: 'is installed again', agent: {}, stays: true },
    { name: 'is going', agent: { deletionTimestamp: '2026-01-01T00:00:00Z' }, stays: false },
  ])('deletes nothing that a new release has when one $name: $stays', async ({ agent, stays }) => {
    const test = { namespace: NAMESPACE, name: 'margay-test' };
    await store.create('Pod', { metadata: test });
    await store.create('DaemonSet', { metadata: { namespace: NAMESPACE, name: 'margay-node-agent', ...agent } });
    await store.patch('DaemonSet', REFERENCE, { status: status(2) });
    const outcome = wait({ keepsKinds: false });
    if (!stays) {
      await clock.waitForSleepers(1);
      await clock.advance(1_000);
    }
    expect(await outcome).toBe('done');
    expect(kindsDeleted).toBe(stays ? 0 : 2);
    const own = ['Lease margay-controller', 'ConfigMap margay-pools', 'ConfigMap theirs', 'Pod margay-test'];
    expect(await left()).toEqual(['DaemonSet margay-node-agent', ...(stays ? own : ['ConfigMap theirs'])]);
    expect(printed.join('')).toMatch(stays ? /^Margay was installed again meanwhile/ : /^Every node is/);
  });

  it('does not believe a count of the generation before', async () => {
    await store.patch('DaemonSet', REFERENCE, {
      spec: { selector: {} },
      status: { ...status(2), observedGeneration: 0 },
    });
    const outcome = wait();
    await clock.waitForSleepers(1);
    await clock.advance(20_000);
    expect(await outcome).toBe('late');
  });

  it('says meanwhile who is late, when that changes, and at the end what to do', async () => {
    for (const node of ['b', 'a']) await store.create('Pod', podOn(node));
    await store.create('Pod', podOn('c', true));
    const logs: Record<string, string> = {};
    const outcome = wait({ keepsKinds: false, logs });
    await clock.waitForSleepers(1);
    const own = "-l 'app.kubernetes.io/name=margay,app.kubernetes.io/component in (uninstall,uninstall-wait)'";
    const report = (these: string, ...lines: readonly string[]): string =>
      [
        `${these} nodes still have what Margay put there:`,
        ...lines,
        'Each is cleaned as soon as no pod on it needs the network: delete those pods, and whatever makes them anew.',
        'If Helm has given up, wait until all are ready here, then delete what did the cleaning:',
        '  kubectl -n margay-system get daemonset margay-uninstall',
        `  kubectl -n margay-system delete daemonset,job,serviceaccount,role,rolebinding,configmap ${own}`,
        `  kubectl delete clusterrole,clusterrolebinding ${own}`,
        '  kubectl get crd -o name | grep networking.margay.dev | xargs kubectl delete',
        '',
      ].join('\n');
    const first = report('These', '- a: it has not started yet', '- b: it has not started yet');
    expect(printed).toEqual([first]);
    logs.a = '{"level":"info","what":"routes"}\n{"reason":"pods of this node need the network: default/web"}\n';
    logs.b = 'Not all of Margay could be taken off this node: routes: no.\n';
    await clock.advance(4_000);
    expect(printed).toEqual([first]);
    await clock.advance(1_000);
    const lines = [
      '- a: pods of this node need the network: default/web',
      '- b: Not all of Margay could be taken off this node: routes: no.',
    ];
    expect(printed.slice(1)).toEqual([report('These', ...lines)]);
    await clock.advance(20_000);
    expect(await outcome).toBe('late');
    expect(printed.slice(2)).toEqual([report('After 20 s these', ...lines)]);
    expect(await left()).toContain('DaemonSet margay-uninstall');
  });

  it('outlives an API that is away, also while it deletes', async () => {
    await store.patch('DaemonSet', REFERENCE, { status: status(2) });
    store.setOutage(true);
    const outcome = wait();
    await clock.waitForSleepers(1);
    await clock.advance(10_000);
    store.setOutage(false);
    await clock.advance(1_000);
    expect(await outcome).toBe('done');
  });

  it.each([
    {
      name: 'the API does not answer',
      spoil: async () => store.setOutage(true),
      says: /^The Kubernetes API does not answer, or refuses: /,
    },
    {
      name: 'somebody deleted what does the cleaning',
      spoil: () => store.delete('DaemonSet', REFERENCE),
      says: /there is no DaemonSet margay-system\/margay-uninstall any more/,
    },
  ])('ends with the reason when $name until the end', async ({ spoil, says }) => {
    await spoil();
    const outcome = wait();
    await clock.waitForSleepers(1);
    await clock.advance(20_000);
    expect(await outcome).toBe('unknown');
    expect(printed.join('')).toMatch(says);
  });
});
