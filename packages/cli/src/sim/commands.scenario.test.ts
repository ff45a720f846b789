import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BIN, type Outcome, runBin } from '../test-support/run-bin.ts';
import type { UpSummary } from './up-summary.ts';

const NAME = `cli-${process.pid}`;
const OTHER = `${NAME}-b`;
const DENY = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: v1
kind: Pod
metadata: {name: later}
spec: {containers: [{name: c, image: none}]}
`;

let summary: UpSummary;
let a: string;
let b: string;

function sim(command: string, args: readonly string[] = [], input?: string): Promise<Outcome> {
  return runBin(['sim', command, '--name', NAME, ...args], { ...(input !== undefined && { input }) });
}

beforeAll(async () => {
  const { code, stdout, stderr } = await sim('up', ['--nodes', '2', '--pods-per-node', '1', '-o', 'json']);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  summary = JSON.parse(stdout) as UpSummary;
  [a = '', b = ''] = summary.pods.map(({ name }) => name);
});
afterAll(async () => {
  await sim('down');
});

describe('margay sim', () => {
  it('up tells nodes, pods, what it verified, and the kubeconfig', () => {
    expect([summary.nodes.length, summary.pods.length, summary.allAllowed]).toEqual([2, 2, true]);
    expect(summary.kubeconfig).toMatch(/kubeconfig$/);
    expect(Object.values(summary.outside.verdicts)).toEqual(['allowed', 'allowed']);
  });

  it('up refuses a name that is up', async () => {
    expect((await sim('up')).code).toBe(2);
  });

  it('status is ready, with process numbers that this machine sees', async () => {
    const { code, stdout } = await sim('status', ['-o', 'json']);
    const { ready, processes } = JSON.parse(stdout) as { ready: boolean; processes: { pid: number }[] };
    expect([code, ready]).toEqual([0, true]);
    for (const { pid } of processes) expect(process.kill(pid, 0)).toBe(true);
  });

  it('probe answers with its exit code', async () => {
    const probe = async (...args: string[]): Promise<number | null> => (await sim('probe', args)).code;
    const pair = ['--from', a, '--to', b];
    expect(await probe(...pair, '--port', '80')).toBe(0);
    expect(await probe(...pair, '--port', '81')).toBe(1);
    expect(await probe('--from', 'default/nobody', '--to', b, '--port', '80')).toBe(2);
    expect(await probe('--from', a, '--to', 'default/nobody', '--port', '80')).toBe(2);
    expect(await probe('--all', '--port', '80', '--require', 'allowed')).toBe(0);
    expect(await probe('--all', '--port', '81', '--require', 'allowed')).toBe(1);
    expect(await probe('--all', '--port', '81')).toBe(0);
  });

  it('exec passes input, output and the exit code', async () => {
    expect(await sim('exec', [a, '--', 'sh', '-c', 'cat; exit 7'], 'hello')).toMatchObject({
      code: 7,
      stdout: 'hello',
    });
    expect((await sim('exec', ['nobody', '--', 'true'])).code).toBe(2);
    const inJson = await sim('exec', ['-o', 'json', a, '--', 'sh', '-c', 'echo out; echo err >&2; exit 7']);
    expect([inJson.code, JSON.parse(inJson.stdout)]).toMatchObject([
      7,
      { target: a, exitCode: 7, stdout: 'out\n', stderr: 'err\n' },
    ]);
  });

  it('capture shows packets as JSON', async () => {
    // Without root the cluster is in direct mode.
    const filter = summary.mode === 'encapsulated' ? 'proto 4' : 'icmp';
    const { ended, abort } = pingUntilAborted();
    const { code, stdout } = await sim('capture', ['node-1', '--filter', filter, '--count', '2', '-o', 'json']);
    abort();
    await ended;
    const packets = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { text: string });
    expect([code, packets.length]).toEqual([0, 2]);
    expect(packets[0]?.text).toContain('ICMP echo');
  });

  it('apply, get and delete change what packets may do', async () => {
    const applied = await sim('apply', ['-f', '-', '--wait'], DENY);
    expect([applied.code, applied.stdout]).toEqual([
      0,
      'networkpolicy.networking.k8s.io/deny created\npod/later created\n',
    ]);
    const verdict = async (): Promise<number | null> =>
      (await sim('probe', ['--from', a, '--to', b, '--port', '80', '--timeout-ms', '300'])).code;
    await expect.poll(verdict, { timeout: 20_000 }).toBe(1);
    expect((await sim('get', ['netpol', 'deny', '-o', 'name'])).stdout).toBe('networkpolicy.networking.k8s.io/deny\n');
    expect((await sim('delete', ['-f', '-'], DENY)).code).toBe(0);
    expect((await sim('delete', ['-f', '-'], DENY)).code).toBe(1);
  });

  it('up that is interrupted leaves nothing', async () => {
    const child = spawn(BIN, ['sim', 'up', '--name', OTHER], { stdio: ['ignore', 'ignore', 'pipe'] });
    await once(child.stderr, 'data');
    child.kill('SIGINT');
    expect((await once(child, 'close'))[0]).toBe(130);
    expect((await runBin(['sim', 'down', '--name', OTHER])).stdout).toContain('nothing to take down');
  });

  it('up that is taken down by another command says so in one sentence', async () => {
    const child = spawn(BIN, ['sim', 'up', '--name', OTHER], { stdio: ['ignore', 'ignore', 'pipe'] });
    let told = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      told += text;
    });
    await expect.poll(() => told, { timeout: 20_000 }).toContain('starting the services');
    expect((await runBin(['sim', 'down', '--name', OTHER])).stdout).toBe(`Simulation '${OTHER}' is down.\n`);
    if (child.exitCode === null) await once(child, 'close');
    expect(child.exitCode).toBe(3);
    expect(told.split('\n').filter((line) => line.startsWith('margay: '))).toEqual([
      `margay: simulation '${OTHER}' was taken down while it was starting; nothing is left of it`,
    ]);
    expect(told).not.toContain('{');
  });
});

/** Packets from one pod to the other while a test looks at them. */
function pingUntilAborted(): { readonly ended: Promise<unknown>; abort(): void } {
  const address = summary.pods.find(({ name }) => name === b)?.address ?? '';
  const child = spawn(BIN, ['sim', 'exec', '--name', NAME, a, '--', 'ping', '-i', '0.1', address], { stdio: 'ignore' });
  return { ended: once(child, 'close'), abort: () => child.kill('SIGTERM') };
}
