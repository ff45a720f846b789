import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findKubernetesPrograms, type KubeApiserver, startKubeApiserver } from '@margay/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { COMBINATIONS } from '../src/combinations.ts';
import { CHART, type KubernetesObject, nameOf, RELEASE_NAMESPACE, render } from '../src/helm.ts';

const programs = findKubernetesPrograms();

describe.skipIf(programs === undefined)('a real kube-apiserver', () => {
  let server: KubeApiserver;
  const folder = mkdtempSync(join(tmpdir(), 'margay-chart-'));
  const kubeconfig = join(folder, 'kubeconfig');

  beforeAll(async () => {
    if (programs === undefined) throw new Error('there is no kube-apiserver');
    server = await startKubeApiserver(programs);
    writeFileSync(kubeconfig, stringify(accessTo(server)), { mode: 0o600 });
    kubectl(['create', 'namespace', RELEASE_NAMESPACE]);
    // Values name it, and a class that is missing is refused at admission.
    kubectl(['create', 'priorityclass', 'important', '--value=1000']);
  }, 120_000);

  afterAll(async () => {
    await server?.close();
    rmSync(folder, { recursive: true });
  });

  function kubectl(parameters: readonly string[], input = ''): string {
    const options = { encoding: 'utf8', input, timeout: 60_000 } as const;
    const { error, status, stdout, stderr } = spawnSync(
      'kubectl',
      ['--kubeconfig', kubeconfig, ...parameters],
      options,
    );
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error(stderr);
    return stdout;
  }

  /** What the server says to each object, unknown fields being errors. */
  function dryRun(objects: readonly KubernetesObject[]): string[] {
    const input = objects.map((object) => JSON.stringify(object)).join('\n');
    const parameters = ['create', '--dry-run=server', '--validate=strict', '--output=name', '--filename=-'];
    return kubectl(parameters, input).trim().split('\n');
  }

  it.each(Object.entries({ default: {}, ...COMBINATIONS }))('accepts every object of %s', (_, values) => {
    const objects = render(values).filter(({ apiVersion }) => !apiVersion.startsWith('monitoring.coreos.com/'));
    expect(dryRun(objects)).toHaveLength(objects.length);
  });

  it('accepts the definitions of the kinds', () => {
    const files = readdirSync(join(CHART, 'crds'));
    const input = files.map((file) => readFileSync(join(CHART, 'crds', file), 'utf8')).join('---\n');
    const answer = kubectl(['create', '--dry-run=server', '--validate=strict', '--output=name', '--filename=-'], input);
    expect(answer.trim().split('\n')).toHaveLength(files.length);
  });

  it('refuses a field that it does not know', () => {
    const [deployment] = render({}).filter((object) => nameOf(object) === 'Deployment margay-ipam');
    const wrong = { ...(deployment as KubernetesObject), spec: { ...(deployment?.spec as object), replcas: 2 } };
    expect(() => dryRun([wrong])).toThrow('unknown field "spec.replcas"');
  });
});

function accessTo({ url, ca, token }: KubeApiserver): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    clusters: [
      { name: 'test', cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
    ],
    users: [{ name: 'test', user: { token } }],
  };
}
