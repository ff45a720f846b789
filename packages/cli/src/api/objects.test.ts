import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCluster } from '../test-support/test-cluster.ts';
import { discoverKinds, resolveKind } from './discovery.ts';
import type { ApiKind, ApiObject } from './types.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start();
});
afterAll(() => cluster.close());

function pod(name: string, more = ''): string {
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n${more}spec:\n  containers:\n  - name: c\n    image: x\n`;
}

function pool(name: string, cidr: string): string {
  return `apiVersion: networking.margay.dev/v1\nkind: IPPool\nmetadata:\n  name: ${name}\nspec:\n  cidr: ${cidr}\n`;
}

async function read(path: string): Promise<ApiObject | undefined> {
  return (await cluster.api.find(path)) as ApiObject | undefined;
}

/** The problems without the directory of the test, and without what they lead to. */
function problemLines(result: unknown): string[] {
  if (!(result instanceof Error)) throw new Error(`not refused: ${JSON.stringify(result)}`);
  return result.message.split('\n').map((line) => line.replace(/^\S*\/(?=[^/]+\.(ya?ml|json):\d)/, ''));
}

describe('resolveKind', () => {
  let kinds: ApiKind[];
  beforeAll(async () => {
    kinds = await discoverKinds(cluster.api);
  });

  it.each([
    ['pods', 'Pod'],
    ['pod', 'Pod'],
    ['po', 'Pod'],
    ['POD', 'Pod'],
    ['netpol', 'NetworkPolicy'],
    ['NetworkPolicies', 'NetworkPolicy'],
    ['networkpolicy.networking.k8s.io', 'NetworkPolicy'],
    ['ippools.v1.networking.margay.dev', 'IPPool'],
    ['ipp', 'IPPool'],
  ])('%s is %s', (text, kind) => {
    expect(resolveKind(text, kinds).kind).toBe(kind);
  });

  it.each(['nonsense', 'pods.networking.margay.dev', ''])("refuses '%s' and says what there is", (text) => {
    expect(() => resolveKind(text, kinds)).toThrow(/there is no kind .*pod/);
  });
});

describe('apply', () => {
  it('creates, changes nothing, changes, and removes what is no longer in the file', async () => {
    const first = cluster.file('a.yaml', pod('a', '  labels:\n    keep: "1"\n    drop: "1"\n'));
    expect((await cluster.apply(first)).stdout).toBe('pod/a created\n');
    expect((await cluster.apply(first)).stdout).toBe('pod/a unchanged\n');
    const second = cluster.file('a.yaml', pod('a', '  labels:\n    keep: "2"\n'));
    expect((await cluster.apply(second)).stdout).toBe('pod/a configured\n');
    expect((await read('/api/v1/namespaces/default/pods/a'))?.metadata.labels).toEqual({ keep: '2' });
  });

  it('keeps what others set', async () => {
    const file = cluster.file('p.yaml', pool('others', '10.9.0.0/16'));
    await cluster.apply(file);
    await cluster.api.demand({
      method: 'PATCH',
      path: '/apis/networking.margay.dev/v1/ippools/others',
      type: 'application/merge-patch+json',
      body: { spec: { natOutgoing: true } },
    });
    expect((await cluster.apply(file)).stdout).toBe('ippool.networking.margay.dev/others unchanged\n');
    expect((await read('/apis/networking.margay.dev/v1/ippools/others'))?.spec).toMatchObject({ natOutgoing: true });
  });

  it('takes a namespace and what is in it from one input, whatever their order', async () => {
    const file = cluster.file(
      'ns.yaml',
      `${pod('in-new', '  namespace: fresh\n')}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: fresh}\n`,
    );
    expect((await cluster.apply(file)).stdout).toBe('namespace/fresh created\npod/in-new created\n');
    expect(await read('/api/v1/namespaces/fresh/pods/in-new')).toBeDefined();
  });

  it('takes a kind and an object of it from one input', async () => {
    const crd = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'toys.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { kind: 'Toy', plural: 'toys', singular: 'toy' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    };
    const toy = { apiVersion: 'example.com/v1', kind: 'Toy', metadata: { name: 'bear' } };
    const file = cluster.file('crd.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [toy, crd] }));
    const { stdout, result } = await cluster.apply(file);
    expect([result, stdout]).toEqual([
      0,
      'customresourcedefinition.apiextensions.k8s.io/toys.example.com created\ntoy.example.com/bear created\n',
    ]);
  });

  it('tells every problem of the whole input at once and creates nothing', async () => {
    const text = [
      pod('good'),
      pod('bad').replace('image: x', 'imagine: x'),
      pool('small', '10.20.0.0/28'),
      pool('one', '10.30.0.0/16'),
      pool('two', '10.30.128.0/17'),
      pod('good'),
      'apiVersion: v1\nkind: Pood\nmetadata:\n  name: odd\n',
      'apiVersion: v1\nkind: Networkpolicy\nmetadata:\n  name: odd\n',
      pod('lost', '  namespace: nowhere\n'),
    ].join('---\n');
    const { result, stdout } = await cluster.apply(cluster.file('bad.yaml', text));
    expect(stdout).toBe('');
    const lines = problemLines(result);
    expect(lines.at(-1)).toBe('nothing was created or changed');
    expect(lines.slice(0, -1)).toEqual([
      'bad.yaml:16: Pod/bad: spec.containers[0].image: Required value',
      'bad.yaml:17: Pod/bad: spec.containers[0].imagine: unknown field',
      expect.stringContaining('bad.yaml:24: IPPool/small: spec.cidr: Invalid value: "object": the pool is smaller'),
      expect.stringContaining('bad.yaml:38: IPPool/two: spec.cidr: "10.30.128.0/17" overlaps with pool one'),
      expect.stringContaining('bad.yaml:43: Pod/good: metadata.name: the same object stands at '),
      'bad.yaml:50: Pood/odd: kind: the API server knows no kind Pood of v1',
      'bad.yaml:55: Networkpolicy/odd: kind: the API server knows no kind Networkpolicy of v1; write apiVersion: networking.k8s.io/v1, kind: NetworkPolicy',
      'bad.yaml:59: Pod/nowhere/lost: namespaces "nowhere" not found',
    ]);
    expect(await read('/api/v1/namespaces/default/pods/good')).toBeUndefined();
  });

  it('tells unknown fields and wrong values of one object together', async () => {
    const text = pool('both', '10.40.0.0/16').replace('spec:', 'spec:\n  blockSize: 99\n  colour: red');
    const lines = problemLines((await cluster.apply(cluster.file('both.yaml', text))).result);
    expect(lines).toEqual([
      expect.stringMatching(/^both\.yaml:6: IPPool\/both: spec\.blockSize: Invalid value: 99: /),
      'both.yaml:7: IPPool/both: spec.colour: unknown field',
      'nothing was created or changed',
    ]);
  });

  it('refuses a change that the server does not allow, before anything else is changed', async () => {
    await cluster.apply(cluster.file('fixed.yaml', pool('fixed', '10.50.0.0/16')));
    const text = `${pod('beside')}---\n${pool('fixed', '10.51.0.0/16')}`;
    const lines = problemLines((await cluster.apply(cluster.file('fixed.yaml', text))).result);
    expect(lines[0]).toMatch(/^fixed\.yaml:15: IPPool\/fixed: spec\.cidr: .*cannot be changed/);
    expect(await read('/api/v1/namespaces/default/pods/beside')).toBeUndefined();
  });

  it('reads the files of a directory in order', async () => {
    cluster.file('dir/2.yaml', pod('second'));
    cluster.file('dir/1.yml', pod('first'));
    const directory = cluster.file('dir/notes.txt', 'not a manifest').replace('/notes.txt', '');
    expect((await cluster.apply(directory)).stdout).toBe('pod/first created\npod/second created\n');
  });

  it('says with --wait what is not ready in time', async () => {
    const { result, stderr } = await cluster.applyAndWait(cluster.file('w.yaml', pod('waits')));
    expect([result, stderr]).toEqual([1, 'margay: not ready: pod/waits: Pending\n']);
  });
});

describe('get', () => {
  beforeAll(async () => {
    await cluster.apply(
      cluster.file('g.yaml', `${pod('g1')}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n`),
    );
  });

  it('prints a table', async () => {
    const { stdout, result } = await cluster.get('po', 'g1');
    expect(result).toBe(true);
    expect(stdout).toMatch(/^NAME +READY +STATUS +RESTARTS +AGE\ng1 +0\/1 +Pending/);
  });

  it('prints namespaces with -A and more columns with -o wide', async () => {
    expect((await cluster.get('pods', undefined, { allNamespaces: true })).stdout).toMatch(/^NAMESPACE +NAME/);
    expect((await cluster.get('pods', undefined, { output: 'wide' })).stdout).toMatch(/^NAME.* IP +NODE/);
  });

  it('prints the object, or a List, as JSON', async () => {
    const one = JSON.parse((await cluster.get('pod', 'g1', { output: 'json' })).stdout) as ApiObject;
    expect([one.kind, one.metadata.name]).toEqual(['Pod', 'g1']);
    const many = JSON.parse((await cluster.get('pod', undefined, { output: 'json' })).stdout) as {
      kind: string;
      items: ApiObject[];
    };
    expect(many.kind).toBe('List');
    expect(many.items.every(({ kind, apiVersion }) => kind === 'Pod' && apiVersion === 'v1')).toBe(true);
    const none = JSON.parse(
      (await cluster.get('pod', undefined, { output: 'json', namespace: 'other' })).stdout,
    ) as object;
    expect(none).toEqual({ apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: [] });
  });

  it('prints YAML and names', async () => {
    expect((await cluster.get('pod', 'g1', { output: 'yaml' })).stdout).toContain('\n  name: g1\n');
    expect((await cluster.get('pod', 'g1', { output: 'name' })).stdout).toBe('pod/g1\n');
  });

  it('is no for a name that is not there, and yes for an empty list', async () => {
    expect(await cluster.get('pod', 'nope')).toEqual({
      result: false,
      stdout: '',
      stderr: 'margay: pods "nope" not found\n',
    });
    expect(await cluster.get('pod', undefined, { namespace: 'other' })).toEqual({
      result: true,
      stdout: '',
      stderr: 'No resources found in other namespace.\n',
    });
  });
});

describe('delete', () => {
  it('deletes by name and waits until the object is gone', async () => {
    await cluster.apply(cluster.file('d.yaml', pool('gone', '10.60.0.0/16')));
    expect((await cluster.delete('ippool', ['gone'])).stdout).toBe('ippool.networking.margay.dev "gone" deleted\n');
    expect(await read('/apis/networking.margay.dev/v1/ippools/gone')).toBeUndefined();
  });

  it('deletes what a file names, in the reverse order', async () => {
    const file = cluster.file(
      'd2.yaml',
      `apiVersion: v1\nkind: Namespace\nmetadata: {name: going}\n---\n${pod('inside', '  namespace: going\n')}`,
    );
    await cluster.apply(file);
    const { result, stdout } = await cluster.deleteFiles([file]);
    expect([result, stdout]).toEqual([0, 'pod "inside" deleted\nnamespace "going" deleted\n']);
  });

  it('says what it did not find, unless that does not matter', async () => {
    const file = cluster.file('d3.yaml', `${pool('gone-a', '10.61.0.0/16')}---\n${pool('gone-b', '10.62.0.0/16')}`);
    const { result, stderr } = await cluster.deleteFiles([file]);
    expect(result).toBe(1);
    expect(stderr.split('\n').filter(Boolean)).toHaveLength(2);
    expect((await cluster.deleteFiles([file], { ignoreNotFound: true })).result).toBe(0);
  });

  it('lists as JSON what was deleted and what was not found', async () => {
    await cluster.apply(cluster.file('d4.yaml', pod('listed')));
    const { result, stdout } = await cluster.delete('pod', ['listed', 'nobody'], { output: 'json' });
    expect([result, JSON.parse(stdout)]).toEqual([
      1,
      {
        deleted: [{ kind: 'Pod', group: '', namespace: 'default', name: 'listed' }],
        notFound: [{ kind: 'Pod', group: '', namespace: 'default', name: 'nobody' }],
        remaining: [],
      },
    ]);
  });

  it.each([
    {
      name: 'a finalizer',
      text: pod('held').replace('  name: held', '  name: held\n  finalizers: [example.com/hold]'),
      why: 'the finalizer example.com/hold holds it until its owner takes it off',
    },
    {
      name: 'a node that is not there',
      text: pod('lone').replace('spec:', 'spec:\n  nodeName: no-node'),
      why: 'node no-node, which has to end it, does not exist any more',
    },
    {
      name: 'a node that is not ready',
      text: `${pod('stuck').replace('spec:', 'spec:\n  nodeName: bad-node')}---\napiVersion: v1\nkind: Node\nmetadata: {name: bad-node}\n`,
      why: 'node bad-node, which has to end it, is not ready',
    },
  ])('waits only so long, and says that $name holds the object', async ({ text, why }) => {
    await cluster.apply(cluster.file('stuck.yaml', text));
    const name = /name: (held|lone|stuck)/.exec(text)?.[1] ?? '';
    const inText = await cluster.delete('pod', [name], { timeout: 0.2 });
    expect(inText).toEqual({
      result: 1,
      stdout: '',
      stderr: `margay: pod "${name}" is still there after 0.2 s: ${why}\n`,
    });
    const inJson = await cluster.delete('pod', [name], { timeout: 0.2, output: 'json' });
    expect(JSON.parse(inJson.stdout)).toMatchObject({ deleted: [], remaining: [{ name, reason: why }] });
  });

  it('does not wait with --wait=false', async () => {
    await cluster.apply(
      cluster.file('slow.yaml', pod('slow').replace('  name: slow', '  name: slow\n  finalizers: [example.com/hold]')),
    );
    expect(await cluster.delete('pod', ['slow'], { wait: false })).toMatchObject({
      result: 0,
      stdout: 'pod "slow" deleted\n',
    });
    expect(await read('/api/v1/namespaces/default/pods/slow')).toBeDefined();
  });
});
