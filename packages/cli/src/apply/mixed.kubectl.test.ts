import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiObject } from '../api/types.ts';
import { TestCluster } from '../test-support/test-cluster.ts';
import { LAST_APPLIED } from './last-applied.ts';

const run = promisify(execFile);
const POD = '/api/v1/namespaces/default/pods';

let cluster: TestCluster;
let home: string;
beforeAll(async () => {
  cluster = await TestCluster.start();
  home = mkdtempSync(`${tmpdir()}/margay-kubectl-`);
});
afterAll(async () => {
  rmSync(home, { recursive: true });
  await cluster.close();
});

async function kubectl(...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: cluster.kubeconfig };
  return (await run(process.env.KUBECTL ?? 'kubectl', args, { env })).stdout;
}

async function read(name: string): Promise<ApiObject> {
  return (await cluster.api.find(`${POD}/${name}`)) as ApiObject;
}

function pod(name: string, labels: object, annotations?: object): string {
  return JSON.stringify({
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name, labels, ...(annotations && { annotations }) },
    spec: { containers: [{ name: 'c', image: 'x', command: ['sh', '-c', 'a && b > c <d>'] }] },
  });
}

describe('apply mixed with kubectl apply', () => {
  it('writes the same annotation', async () => {
    await kubectl('apply', '-f', cluster.file('k.json', pod('by-kubectl', { b: '1', a: '2' })));
    await cluster.apply(cluster.file('m.json', pod('by-margay', { b: '1', a: '2' })));
    const [theirs = '', ours = ''] = (await Promise.all([read('by-kubectl'), read('by-margay')])).map(
      ({ metadata }) => metadata.annotations?.[LAST_APPLIED],
    );
    expect(theirs).not.toBe('');
    expect(ours).toBe(theirs.replace('by-kubectl', 'by-margay'));
  });

  it('changes nothing that kubectl applied, and removes what kubectl set', async () => {
    const whole = cluster.file('one.json', pod('one', { keep: '1', drop: '1' }, { note: 'x' }));
    await kubectl('apply', '-f', whole);
    expect((await cluster.apply(whole)).stdout).toBe('pod/one unchanged\n');
    await cluster.apply(cluster.file('one.json', pod('one', { keep: '1' }, { note: 'x' })));
    expect((await read('one')).metadata.labels).toEqual({ keep: '1' });
  });

  it('is changed by kubectl as it would change its own', async () => {
    const whole = cluster.file('two.json', pod('two', { keep: '1', drop: '1' }));
    await cluster.apply(whole);
    expect(await kubectl('apply', '-f', whole)).toBe('pod/two unchanged\n');
    expect(await kubectl('apply', '-f', cluster.file('two.json', pod('two', { keep: '1' })))).toBe(
      'pod/two configured\n',
    );
    expect((await read('two')).metadata.labels).toEqual({ keep: '1' });
  });
});
