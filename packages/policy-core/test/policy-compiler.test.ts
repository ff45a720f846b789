import { ANNOTATION, type NetworkPolicy, type Pod } from '@margay/model';
import { describe, expect, it } from 'vitest';
import { PolicyCompiler } from '../src/index.ts';

const pod = (name: string, overrides: Partial<Pod> = {}): Pod => ({
  metadata: { name, namespace: 'shop', uid: `uid-${name}`, labels: { app: name } },
  spec: { nodeName: 'node-1' },
  ...overrides,
});

const address = (name: string, text: string): Partial<Pod> => ({
  metadata: { ...pod(name).metadata, annotations: { [ANNOTATION.podAddress]: text } },
});

const fromWeb = (name: string): NetworkPolicy => ({
  metadata: { name, namespace: 'shop' },
  spec: {
    podSelector: { matchLabels: { app: 'db' } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }],
  },
});

const NOTHING = { spans: [], upserts: [], removes: [] };

describe('PolicyCompiler', () => {
  it('makes an endpoint for a bound pod before it has an address', () => {
    const compiler = new PolicyCompiler();
    compiler.upsertPod(pod('web', { spec: {} }));
    expect(compiler.flush()).toEqual(NOTHING);
    compiler.upsertPod(pod('web'));
    expect(compiler.flush()).toEqual({
      spans: [],
      upserts: [{ scope: 'node:node-1', entry: { kind: 'endpoint', namespace: 'shop', pod: 'web', uid: 'uid-web' } }],
      removes: [],
    });
  });

  it.each([
    ['in the network of its host', { spec: { nodeName: 'node-1', hostNetwork: true } }],
    ['that succeeded', { status: { phase: 'Succeeded', podIP: '10.8.0.1' } }],
    ['that failed', { status: { phase: 'Failed', podIP: '10.8.0.1' } }],
  ])('makes none for a pod %s', (_, overrides) => {
    const compiler = new PolicyCompiler();
    compiler.upsertPod(pod('web', overrides));
    expect(compiler.flush()).toEqual(NOTHING);
  });

  it('keeps the endpoint of a terminating pod until it is deleted', () => {
    const compiler = new PolicyCompiler();
    compiler.upsertPod(pod('web'));
    compiler.flush();
    compiler.upsertPod(pod('web', { metadata: { ...pod('web').metadata, deletionTimestamp: '2030-01-01T00:00:00Z' } }));
    expect(compiler.flush()).toEqual(NOTHING);
    compiler.removePod({ namespace: 'shop', name: 'web' });
    expect(compiler.flush()).toEqual({ ...NOTHING, removes: ['endpoint/shop/web'] });
  });

  it('tells a policy and its sets only while a node needs them', () => {
    const compiler = new PolicyCompiler();
    compiler.upsertPod(pod('web', address('web', '10.8.0.1')));
    compiler.flush();
    compiler.upsertNetworkPolicy(fromWeb('p'));
    expect(compiler.flush()).toEqual(NOTHING);
    compiler.upsertPod(pod('db', { spec: { nodeName: 'node-2' } }));
    const step = compiler.flush();
    const [set] = step.upserts.map(({ entry }) => entry).filter((entry) => entry.kind === 'set');
    expect(set).toMatchObject({ type: 'addresses' });
    expect(step.spans).toEqual([
      { scope: 'policy:networkpolicy/shop/p', add: ['node-2'], remove: [] },
      { scope: `set:${set?.id}`, add: ['node-2'], remove: [] },
    ]);
    expect(step.upserts.map(({ scope, entry }) => `${scope} ${entry.kind}`)).toEqual([
      `set:${set?.id} set`,
      `set:${set?.id} member`,
      'policy:networkpolicy/shop/p policy',
      'node:node-2 endpoint',
    ]);
    compiler.removePod({ namespace: 'shop', name: 'db' });
    expect(compiler.flush()).toEqual({
      spans: step.spans.map(({ scope }) => ({ scope, add: [], remove: ['node-2'] })),
      upserts: [],
      removes: [`member/${set?.id}/10.8.0.1`, `set/${set?.id}`, 'policy/networkpolicy/shop/p', 'endpoint/shop/db'],
    });
  });

  it('shares a set between policies that ask for the same, however they spell it', () => {
    const compiler = new PolicyCompiler();
    compiler.upsertPod(pod('db'));
    compiler.upsertNetworkPolicy(fromWeb('p'));
    compiler.upsertNetworkPolicy({
      metadata: { name: 'q', namespace: 'shop' },
      spec: {
        podSelector: {},
        ingress: [
          { from: [{ podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'web'] }] } }] },
        ],
      },
    });
    compiler.flush();
    expect(compiler.counts).toMatchObject({ policies: 2, sets: 1 });
    compiler.removeNetworkPolicy({ namespace: 'shop', name: 'p' });
    compiler.flush();
    expect(compiler.counts).toMatchObject({ policies: 1, sets: 1 });
  });

  it('costs one member when a pod joins a set', () => {
    const compiler = new PolicyCompiler();
    compiler.upsertPod(pod('db'));
    compiler.upsertNetworkPolicy(fromWeb('p'));
    compiler.flush();
    compiler.upsertPod(pod('web'));
    compiler.flush();
    compiler.upsertPod(pod('web', address('web', '10.8.0.1')));
    expect(compiler.flush().upserts.map(({ entry }) => entry)).toEqual([
      { kind: 'member', set: expect.any(String), member: '10.8.0.1' },
    ]);
  });

  it('believes an empty annotation: the address is released', () => {
    const compiler = new PolicyCompiler();
    compiler.upsertPod(pod('db'));
    compiler.upsertNetworkPolicy(fromWeb('p'));
    compiler.upsertPod(pod('web', { ...address('web', '10.8.0.1'), status: { podIP: '10.8.0.1' } }));
    compiler.flush();
    compiler.upsertPod(pod('web', { ...address('web', ''), status: { podIP: '10.8.0.1' } }));
    expect(compiler.flush().removes).toEqual([expect.stringMatching(/^member\/[0-9a-f]+\/10\.8\.0\.1$/)]);
  });

  it('keeps a member while a second pod has its address', () => {
    const compiler = new PolicyCompiler();
    compiler.upsertPod(pod('db'));
    compiler.upsertNetworkPolicy(fromWeb('p'));
    const labelled = (name: string): Pod => {
      const made = pod(name, address(name, '10.8.0.1'));
      return { ...made, metadata: { ...made.metadata, labels: { app: 'web' } } };
    };
    compiler.upsertPod(labelled('web-1'));
    compiler.upsertPod(labelled('web-2'));
    compiler.flush();
    compiler.removePod({ namespace: 'shop', name: 'web-1' });
    expect(compiler.flush().removes).toEqual(['endpoint/shop/web-1']);
  });

  it('tells a pod that is made again under its name as another endpoint, in one upsert', () => {
    const compiler = new PolicyCompiler();
    compiler.upsertPod(pod('web'));
    compiler.flush();
    compiler.removePod({ namespace: 'shop', name: 'web' });
    compiler.upsertPod(
      pod('web', { metadata: { ...pod('web').metadata, uid: 'second' }, spec: { nodeName: 'node-2' } }),
    );
    expect(compiler.flush()).toEqual({
      spans: [],
      upserts: [{ scope: 'node:node-2', entry: { kind: 'endpoint', namespace: 'shop', pod: 'web', uid: 'second' } }],
      removes: [],
    });
  });

  it('exchanges the member when a pod gets another address', () => {
    const compiler = new PolicyCompiler();
    compiler.upsertPod(pod('db'));
    compiler.upsertNetworkPolicy(fromWeb('p'));
    compiler.upsertPod(pod('web', address('web', '10.8.0.1')));
    compiler.flush();
    compiler.upsertPod(pod('web', address('web', '10.8.0.2')));
    const { upserts, removes } = compiler.flush();
    expect(upserts.map(({ entry }) => entry)).toEqual([
      { kind: 'member', set: expect.any(String), member: '10.8.0.2' },
    ]);
    expect(removes).toEqual([expect.stringMatching(/\/10\.8\.0\.1$/)]);
  });

  it('knows what comes back before a flush, also where its namespace was left empty in between', () => {
    const compiler = new PolicyCompiler();
    compiler.upsertPod(pod('db'));
    compiler.removePod({ namespace: 'shop', name: 'db' });
    compiler.upsertPod(pod('db'));
    compiler.upsertNetworkPolicy(fromWeb('p'));
    compiler.flush();
    expect(compiler.counts).toEqual({ policies: 1, sets: 1, members: 0, endpoints: 1 });

    compiler.removePod({ namespace: 'shop', name: 'db' });
    compiler.removeNetworkPolicy({ namespace: 'shop', name: 'p' });
    compiler.upsertNetworkPolicy(fromWeb('p'));
    compiler.upsertPod(pod('db'));
    expect(compiler.flush()).toEqual(NOTHING);
  });
});
