import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client, credentials } from '@grpc/grpc-js';
import { service } from 'grpc-health-check';
import { afterEach, describe, expect, it } from 'vitest';

const SAMPLE = join(import.meta.dirname, '../test/sample-process.ts');
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly lines: string[];
}

interface Sample {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** The first log line with this message. */
  logged(message: string): Promise<Record<string, unknown>>;
}

function start(flags: readonly string[], env: Record<string, string> = {}): Sample {
  const child = spawn(process.execPath, [SAMPLE, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  children.push(child);
  const lines: string[] = [];
  let stdout = '';
  const waiting: { message: string; resolve: (line: Record<string, unknown>) => void }[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  createInterface(child.stderr).on('line', (line) => {
    lines.push(line);
    for (const { message, resolve } of waiting) if (messageOf(line) === message) resolve(JSON.parse(line));
  });
  return {
    child,
    ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, lines }))),
    logged: (message) =>
      new Promise((resolve) => {
        const past = lines.find((line) => messageOf(line) === message);
        if (past !== undefined) resolve(JSON.parse(past));
        else waiting.push({ message, resolve });
      }),
  };
}

function messageOf(line: string): unknown {
  return line.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>).message : undefined;
}

const FLAGS = ['--ipam-address', '127.0.0.1:1', '--listen', '127.0.0.1:0'];

describe('runProcess', () => {
  it('prints its options for --help', async () => {
    const { code, stdout } = await start(['--help']).ended;
    expect(code).toBe(0);
    expect(stdout).toContain(
      '--ipam-address HOST:PORT    Where the IPAM service listens. Required. (MARGAY_IPAM_ADDRESS)',
    );
    expect(stdout).toContain('--metrics-listen');
  });

  it.each([
    { name: 'an unknown option', flags: [...FLAGS, '--colour', 'red'], says: '--colour is not an option' },
    { name: 'a missing option', flags: ['--listen', '127.0.0.1:0'], says: '--ipam-address is missing' },
    { name: 'an impossible choice', flags: [...FLAGS, '--mode', 'fly'], says: "--mode is 'fly'" },
    {
      name: 'an impossible address',
      flags: ['--ipam-address', 'x', '--listen', 'nowhere'],
      says: "--listen is 'nowhere'",
    },
    { name: 'an option without a value', flags: [...FLAGS, '--mode'], says: '--mode needs a value' },
  ])('exits with 2 and one sentence for $name', async ({ flags, says }) => {
    const { code, lines } = await start(flags).ended;
    expect(code).toBe(2);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(says);
  });

  it('serves health and metrics, and ends cleanly on SIGTERM', async () => {
    const sample = start(['--metrics-listen', '127.0.0.1:0', '--log-level', 'debug'], {
      MARGAY_IPAM_ADDRESS: '127.0.0.1:1',
      MARGAY_LISTEN: '127.0.0.1:0',
    });
    const started = await sample.logged('Started');
    expect(started).toMatchObject({ level: 'info', service: 'sample' });
    expect(started.time).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(await healthOf(Number(started.port))).toBe('SERVING');
    const base = `http://127.0.0.1:${Number(started.metricsPort)}`;
    const text = await (await fetch(`${base}/metrics`)).text();
    expect(text).toContain('margay_sample_starts_total 1');
    expect(text).toContain('process_resident_memory_bytes');
    expect((await fetch(`${base}/`)).status).toBe(404);
    expect((await fetch(`${base}/healthz`, { method: 'POST' })).status).toBe(404);
    expect(await answerOf(`${base}/healthz`)).toBe('200 ok');
    expect(await answerOf(`${base}/readyz`)).toBe('200 ready');
    sample.child.kill('SIGTERM');
    const { code, lines } = await sample.ended;
    expect(code).toBe(0);
    expect(lines.map(messageOf)).toEqual(['Started', 'Stopping', 'Loop ended', 'Stopped']);
  });

  it('lives, but is not ready, until the service says so', async () => {
    const sample = start([...FLAGS, '--mode', 'never-ready', '--metrics-listen', '127.0.0.1:0']);
    const base = `http://127.0.0.1:${Number((await sample.logged('Started')).metricsPort)}`;
    expect(await answerOf(`${base}/healthz`)).toBe('200 ok');
    expect(await answerOf(`${base}/readyz`)).toMatch(/^503 not ready/);
  });

  it('ends within its limit though some work hangs', async () => {
    const sample = start([...FLAGS, '--mode', 'hang']);
    await sample.logged('Started');
    sample.child.kill('SIGINT');
    expect((await sample.ended).code).toBe(0);
  });

  it.each([
    { mode: 'reject', message: 'Unexpected failure', reason: 'nobody caught this' },
    { mode: 'fail-late', message: 'the loop failed', reason: 'the loop broke' },
    { mode: 'throw', message: 'Cannot start', reason: 'no kubeconfig' },
  ])('logs one line and exits with 3: $mode', async ({ mode, message, reason }) => {
    const { code, lines } = await start([...FLAGS, '--mode', mode]).ended;
    expect(code).toBe(3);
    const failures = lines.filter((line) => line.includes('"error"'));
    expect(failures).toHaveLength(1);
    expect(JSON.parse(failures[0] ?? '')).toMatchObject({ message, reason });
  });
});

async function answerOf(url: string): Promise<string> {
  const response = await fetch(url);
  return `${response.status} ${(await response.text()).trim()}`;
}

async function healthOf(port: number): Promise<string> {
  const check = service.Check ?? service.check;
  if (check === undefined) throw new Error('the health service has no check');
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  try {
    return await new Promise((resolve, reject) => {
      client.makeUnaryRequest(check.path, check.requestSerialize, check.responseDeserialize, {}, (error, response) => {
        if (error !== null) reject(error);
        else resolve((response as { status: string }).status);
      });
    });
  } finally {
    client.close();
  }
}
