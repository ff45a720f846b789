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

function policy(name: string, port = '80'): string {
  return `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: ${name}}, spec: {podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: ${port}, protocol: TCP}]}]}}`;
}

function pool(name: string, cidr: string, more = ''): string {
  return `{apiVersion: networking.margay.dev/v1, kind: IPPool, metadata: {name: ${name}}, spec: {cidr: ${cidr}, natOutgoing: true${more}}}`;
}

async function setStatus(name: string, status: object): Promise<void> {
  const path = `/api/v1/namespaces/default/pods/${name}/status`;
  expect((await server.client.call('PATCH', path, { body: { status }, headers: MERGE })).status).toBe(200);
}

describe('discovery', () => {
  it('api-resources lists every kind with its short names', async () => {
    const lines = (await run('api-resources')).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining(['pods po v1 true Pod', 'ippools ipp networking.margay.dev/v1 false IPPool']),
    );
    expect((await run('api-resources --categories margay -o name')).split('\n').filter(Boolean).sort()).toEqual([
      'blockaffinities.networking.margay.dev',
      'ipamblocks.networking.margay.dev',
      'ippools.networking.margay.dev',
    ]);
  });

  it('api-versions and version', async () => {
    expect((await run('api-versions')).split('\n')).toEqual([
      'apiextensions.k8s.io/v1',
      'authentication.k8s.io/v1',
      'authorization.k8s.io/v1',
      'coordination.k8s.io/v1',
      'discovery.k8s.io/v1',
      'networking.k8s.io/v1',
      'networking.margay.dev/v1',
      'v1',
    ]);
    expect(await run('version')).toContain('Server Version: v1.34.0-margay');
  });

  it('auth can-i and whoami answer', async () => {
    expect(await run('auth can-i delete pods')).toBe('yes');
    expect(await run('auth can-i --list')).toContain('*.* [] [] [*]');
    expect(await run('auth whoami')).toContain('Username tester');
  });

  it.each([
    ['pod.spec.containers.ports.protocol', 'TCP when absent'],
    ['networkpolicy.spec.podSelector', 'The pods that the policy applies to'],
    ['ippools.spec', 'Whether packets between nodes travel in IP-in-IP.'],
    ['namespaces --recursive', 'finalizers'],
  ])('explain %s', async (args, says) => {
    expect(await run(`explain ${args}`)).toContain(says);
  });
});

describe('create', () => {
  it('creates objects of several kinds from one stream', async () => {
    const input = [pod('made'), policy('made'), pool('made', '10.1.0.0/16')].join('\n---\n');
    expect((await run('create -f -', input)).split('\n')).toEqual([
      'pod/made created',
      'networkpolicy.networking.k8s.io/made created',
      'ippool.networking.margay.dev/made created',
    ]);
    expect(await fail('create -f -', pod('made'))).toContain('pods "made" already exists');
  });

  it.each([
    [
      'an unknown field of a pod',
      pod('bad').replace('containers:', 'containerz: [], containers:'),
      'unknown field "spec.containerz"',
    ],
    [
      'an unknown field of a pool',
      pool('bad', '10.2.0.0/16', ', nodeSelector: all()'),
      'unknown field "spec.nodeSelector"',
    ],
    ['an unknown field of a policy', policy('bad').replace('spec: {', 'spec: {tier: 1, '), 'unknown field "spec.tier"'],
    [
      'a wrong type',
      pod('bad').replace('containerPort: 80', 'containerPort: http'),
      'spec.containers[0].ports[0].containerPort',
    ],
    ['a wrong value', policy('bad', '70000'), 'must be between 1 and 65535'],
    ['a pool with host bits', pool('bad', '10.9.4.1/24'), 'cidr has host bits: write the first address'],
    [
      'a namespace that is not there',
      pod('bad').replace('name: bad', 'name: bad, namespace: none'),
      'namespaces "none" not found',
    ],
  ])('refuses %s, and says which', async (_, manifest, says) => {
    expect(await fail('create -f -', manifest)).toContain(says);
    expect(await run('get pods,netpol,ippools -o name')).not.toContain('/bad');
  });

  it('a dry run leaves nothing', async () => {
    expect(await run('create -f - --dry-run=server', pod('dry'))).toContain('pod/dry created (server dry run)');
    expect(await fail('get pod dry')).toContain('pods "dry" not found');
  });

  it('creates what is in a List, and refuses a mistake in it before it sends anything', async () => {
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

  it('helpers: namespace, configmap, secret, serviceaccount', async () => {
    expect(await run('create namespace helpers')).toBe('namespace/helpers created');
    expect(await run('create configmap c -n helpers --from-literal=a=b')).toBe('configmap/c created');
    expect(await run('create secret generic s -n helpers --from-literal=a=b')).toBe('secret/s created');
    expect(await run('create serviceaccount a -n helpers')).toBe('serviceaccount/a created');
    expect(await run('get secret s -n helpers --no-headers')).toMatch(/^s Opaque 1 \d+s$/);
  });
});

describe('get', () => {
  beforeAll(async () => {
    await run(
      'create -f -',
      `{apiVersion: v1, kind: Node, metadata: {name: n1, labels: {node-role.kubernetes.io/worker: ""}}, status: {addresses: [{type: InternalIP, address: 192.0.2.1}], conditions: [{type: Ready, status: "True"}], nodeInfo: {kubeletVersion: v1.34.0}}}`,
    );
    await run('create -f -', pod('seen', 'nginx', '{app: seen}'));
  });

  it('prints the columns of pods, with -o wide and with labels', async () => {
    const containerStatuses = [
      { name: 'c', ready: true, restartCount: 0, state: { running: {} }, image: 'nginx', imageID: '' },
    ];
    await setStatus('seen', { phase: 'Running', podIP: '10.1.0.5', containerStatuses });
    const [head, row] = (await run('get pod seen -o wide')).split('\n');
    expect(head).toBe('NAME READY STATUS RESTARTS AGE IP NODE NOMINATED NODE READINESS GATES');
    expect(row).toMatch(/^seen 1\/1 Running 0 \d+s 10\.1\.0\.5 <none> <none> <none>$/);
    expect(await run('get pods -l app=seen --show-labels --no-headers')).toMatch(/ app=seen$/);
    expect(await run('get pods --field-selector=status.podIP=10.1.0.5 -o name')).toBe('pod/seen');
    expect(await run('get pods -A --no-headers')).toContain('default seen 1/1');
  });

  it('prints the columns of nodes, namespaces, policies, pools and definitions', async () => {
    expect(await run('get nodes -o wide --no-headers')).toMatch(
      /^n1 Ready worker \d+s v1\.34\.0 192\.0\.2\.1 <none> <unknown> <unknown> <unknown>$/,
    );
    expect(await run('get ns default --no-headers')).toMatch(/^default Active \d+s$/);
    expect(await run('get netpol made')).toMatch(/^NAME POD-SELECTOR AGE\nmade app=web \d+s$/);
    expect(await run('get ipp made')).toMatch(
      /^NAME CIDR IPIP NAT DISABLED ALLOCATABLE AGE\nmade 10\.1\.0\.0\/16 Never true false \d+s$/,
    );
    expect(await run('get crd ippools.networking.margay.dev --no-headers')).toMatch(
      /^ippools\.networking\.margay\.dev \d{4}-/,
    );
    expect(await run('get margay -o name')).toContain('ippool.networking.margay.dev/made');
  });

  it('prints events by what they are about', async () => {
    const uid = await run('get pod seen -o jsonpath={.metadata.uid}');
    const event = {
      metadata: { name: 'e1' },
      involvedObject: { kind: 'Pod', name: 'seen', namespace: 'default', uid },
    };
    const body = { ...event, type: 'Warning', reason: 'Told', message: 'Something happened.' };
    await server.client.call('POST', '/api/v1/namespaces/default/events', { body });
    expect(await run('get events --no-headers')).toMatch(/^<unknown> Warning Told pod\/seen Something happened\.$/);
    expect(await run('describe pod seen')).toMatch(/Warning Told .*Something happened\./);
  });

  it('speaks yaml, jsonpath and raw', async () => {
    expect(await run('get pod seen -o jsonpath={.status.podIP}')).toBe('10.1.0.5');
    expect(await run('get ippool made -o yaml')).toContain('cidr: 10.1.0.0/16');
    expect(await run('get --raw /readyz')).toBe('ok');
    expect(await run('get pods --chunk-size=1 -o name')).toContain('pod/seen');
  });

  it('describes nodes, namespaces, policies and pools', async () => {
    expect(await run('describe node n1')).toContain('InternalIP: 192.0.2.1');
    expect(await run('describe ns default')).toContain('Status: Active');
    expect(await run('describe netpol made')).toContain('PodSelector: app=web');
    expect(await run('describe ippool made')).toContain('Cidr: 10.1.0.0/16');
  });
});

describe('get -w and wait', () => {
  it('prints a row for each change', async () => {
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
    expect(await run('wait crd/ippools.networking.margay.dev --for=condition=Established')).toContain('condition met');
  });

  it('wait waits for the condition of a pool, which is written by its status alone', async () => {
    await run('create -f -', pool('waited', '10.8.0.0/16'));
    const waiting = run('wait ippool/waited --for=condition=Allocatable --timeout=20s');
    const condition = { type: 'Allocatable', status: 'True', reason: 'Enabled', message: '' };
    const status = { conditions: [{ ...condition, lastTransitionTime: '2026-01-01T00:00:00Z' }] };
    const patch = JSON.stringify({ spec: { disabled: true }, status });
    expect(await run(`patch ippool waited --type=merge -p ${patch}`)).toContain('patched');
    expect(await run('get ippool waited -o jsonpath={.spec.disabled},{.status}')).toBe('true,');
    expect(await run(`patch ippool waited --subresource=status --type=merge -p ${patch}`)).toContain('patched');
    expect(await waiting).toBe('ippool.networking.margay.dev/waited condition met');
    expect(await run('get ippool waited --no-headers')).toMatch(/^waited 10\.8\.0\.0\/16 Never true true True \d+s$/);
  });
});

describe('changes', () => {
  it('label, annotate and patch, of a pod and of a custom resource', async () => {
    await run('create -f -', pod('changed'));
    for (const target of ['pod/changed', 'ippool/made']) {
      expect(await run(`label ${target} tier=front`)).toContain('labeled');
      expect(await run(`annotate ${target} note=x`)).toContain('annotated');
      expect(await run(`label ${target} tier-`)).toContain('unlabeled');
    }
    expect(await run('patch pod changed -p {"spec":{"containers":[{"name":"c","image":"b"}]}}')).toBe(
      'pod/changed patched',
    );
    expect(await run('get pod changed -o jsonpath={.spec.containers[*].image}')).toBe('b');
    expect(await run('patch ippool made --type=merge -p {"spec":{"ipipMode":"Always"}}')).toContain('patched');
  });

  it('apply creates, changes, removes what the file no longer has, and then changes nothing', async () => {
    const files = [pod('applied', 'a', '{app: web, extra: x}'), policy('applied'), pool('applied', '10.7.0.0/16')];
    expect(await run('apply -f -', files.join('\n---\n'))).toMatch(/(created\s?.*){3}/s);
    const changed = [pod('applied', 'b'), policy('applied', '81'), pool('applied', '10.7.0.0/16', ', disabled: true')];
    expect((await run('apply -f -', changed.join('\n---\n'))).match(/configured/g)).toHaveLength(3);
    expect(await run('get pod applied -o jsonpath={.metadata.labels}')).toBe('{"app":"web"}');
    expect((await run('apply -f -', changed.join('\n---\n'))).match(/unchanged/g)).toHaveLength(3);
    expect(await run('diff -f -', changed.join('\n---\n'))).toBe('');
  });

  it('replace and edit by scripts', async () => {
    await run('create configmap replaced --from-literal=a=b');
    const manifest = await run('create configmap replaced --from-literal=a=c --dry-run=client -o json');
    expect(await run('replace -f -', manifest)).toBe('configmap/replaced replaced');
    expect(await run('get configmap replaced -o jsonpath={.data.a}')).toBe('c');
  });

  it('cordon and taint change a node', async () => {
    expect(await run('cordon n1')).toBe('node/n1 cordoned');
    expect(await run('taint nodes n1 key=value:NoSchedule')).toBe('node/n1 tainted');
    expect(await run('get node n1 --no-headers')).toContain('Ready,SchedulingDisabled');
  });
});

describe('delete', () => {
  it('waits until an object is gone', async () => {
    await run('create -f -', pod('gone'));
    expect(await run('delete pod gone')).toContain('pod "gone" deleted');
    expect(await fail('get pod gone')).toContain('not found');
    expect(await run('delete pod gone --ignore-not-found')).toBe('');
  });

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

  it('deletes by file, by label and all', async () => {
    await run('create -f -', [pod('d1', 'i', '{group: d}'), pod('d2', 'i', '{group: d}')].join('\n---\n'));
    await run('delete -f -', pod('d1'));
    expect(await run('delete pods -l group=d')).toContain('pod "d2" deleted');
    expect(await run('delete networkpolicies --all')).toContain('networkpolicy.networking.k8s.io "made" deleted');
    expect(await run('delete pod seen --force --grace-period=0')).toContain('deleted');
  });
});
