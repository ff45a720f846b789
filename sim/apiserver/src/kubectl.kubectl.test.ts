import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kubectl } from './test-support/kubectl.ts';
import { startTestServer, type TestServer } from './test-support/test-server.ts';

const MERGE = { 'content-type': 'application/merge-patch+json' };

let server: TestServer;
let kubectl: Kubectl;
beforeAll(async () => {
  server = await startTestServer();
  kubectl = new Kubectl(server.address);
});
afterAll(async () => {
  kubectl.close();
  await server.close();
});

/** What kubectl prints, with runs of blanks as one; it must succeed. */
async function run(args: string, input = ''): Promise<string> {
  const { code, stdout, stderr } = await kubectl.run(args.split(' '), asYaml(input));
  expect({ args, code, stderr: code === 0 ? '' : stderr }).toEqual({ args, code: 0, stderr: '' });
  return stdout.replace(/ +/g, ' ').trim();
}

async function fail(args: string, input = ''): Promise<string> {
  const { code, stderr } = await kubectl.run(args.split(' '), asYaml(input));
  expect({ args, failed: code !== 0 }).toEqual({ args, failed: true });
  return stderr;
}

/** The mark keeps kubectl from taking YAML with braces for JSON. */
function asYaml(text: string): string {
  return text === '' ? '' : `---\n${text}\n`;
}

function pod(name: string, image = 'nginx', labels = '{app: web}'): string {
  return `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, labels: ${labels}}, spec: {containers: [{name: c, image: ${image}, ports: [{containerPort: 80}]}]}}`;
}

function pool(name: string, cidr: string): string {
  return `{apiVersion: networking.margay.dev/v1, kind: IPPool, metadata: {name: ${name}}, spec: {cidr: ${cidr}}}`;
}

async function setStatus(name: string, status: object): Promise<void> {
  const path = `/api/v1/namespaces/default/pods/${name}/status`;
  expect((await server.client.call('PATCH', path, { body: { status }, headers: MERGE })).status).toBe(200);
}

// What a comparison with kube-apiserver (kubectl-comparison.kubectl.test.ts)
// cannot show: what is ours alone, and what needs more than an API server.

describe('what is ours', () => {
  it('tells its version', async () => {
    expect(await run('version')).toContain('Server Version: v1.34.0-margay');
  });

  it.each([
    ['pod.spec.containers.ports.protocol', 'TCP when absent'],
    ['networkpolicy.spec.podSelector', 'The pods that the policy applies to'],
    ['service.spec.externalTrafficPolicy', 'Local only those of the node that it reached'],
    ['node.spec.taints', 'Pods without a matching toleration are kept away.'],
    ['ippools.spec', 'Whether packets between nodes travel in IP-in-IP.'],
  ])('explain %s', async (args, says) => {
    expect((await run(`explain ${args}`)).replace(/\s+/g, ' ')).toContain(says);
  });

  it('refuses a mistake in a List before it sends anything', async () => {
    const list = (...items: string[]): string => `{apiVersion: v1, kind: List, items: [${items.join(', ')}]}`;
    const items = [pod('listed'), pool('listed', '10.44.0.0/16')];
    expect((await run('create -f -', list(...items))).split('\n')).toEqual([
      'pod/listed created',
      'ippool.networking.margay.dev/listed created',
    ]);
    const wrong = pod('unlisted').replace('containers:', 'containerz: [], containers:');
    expect(await fail('create -f -', list(pod('first'), wrong))).toContain('unknown field "containerz"');
    expect(await fail('get pod first')).toContain('not found');
    await run('delete -f -', list(...items));
  });
});

describe('get -w and wait', () => {
  it('prints a row for each change of a pod', async () => {
    const lines = kubectl.lines(['get', 'pods', '-w', '-l', 'app=watched']);
    // The watch has begun when it shows a pod; which one of two is there first does not matter.
    await run('create -f -', pod('watched', 'nginx', '{app: watched}'));
    const next = async (): Promise<string> => String((await lines.next()).value).replace(/ +/g, ' ');
    expect(await next()).toMatch(/^NAME READY STATUS/);
    expect(await next()).toMatch(/^watched 0\/1 Pending/);
    await setStatus('watched', { phase: 'Running' });
    expect(await next()).toMatch(/^watched 0\/1 Running/);
    await lines.return(undefined);
  });

  it('wait returns when the condition holds', async () => {
    await run('create -f -', pod('waited'));
    const waiting = run('wait pod/waited --for=condition=Ready --timeout=20s');
    await setStatus('waited', { conditions: [{ type: 'Ready', status: 'True' }] });
    expect(await waiting).toBe('pod/waited condition met');
  });
});

describe('delete', () => {
  it('waits for a bound pod until its kubelet is done', async () => {
    await run('create -f -', pod('bound').replace('spec: {', 'spec: {nodeName: n1, '));
    const deletion = run('delete pod bound');
    const path = '/api/v1/namespaces/default/pods/bound';
    for await (const { object } of server.client.watch(`${path}?watch=true`)) {
      if (object.metadata.deletionTimestamp !== undefined) break;
    }
    expect(await run('get pod bound --no-headers')).toMatch(/^bound 0\/1 Terminating/);
    await server.client.call('DELETE', `${path}?gracePeriodSeconds=0`);
    expect(await deletion).toContain('pod "bound" deleted');
  });

  it('takes a namespace with all that is in it', async () => {
    await run('create namespace short');
    await run('create configmap c -n short');
    expect(await run('delete namespace short')).toContain('namespace "short" deleted');
    expect(await fail('get namespace short')).toContain('not found');
  });
});
