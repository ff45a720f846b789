import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fallbackPath, pluginPath } from './plugin-path.ts';
import { type CniReply, type CniRequest, MAX_ENVIRONMENT_BYTES, MAX_STDIN_BYTES } from './protocol.ts';
import { type CniServer, startCniServer } from './server.ts';

interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const CONFIG = '{"cniVersion":"1.0.0","name":"margay","type":"margay","note":"é"}';
const UNAVAILABLE = 'the Margay agent of this node is not available';
const ADD = {
  CNI_COMMAND: 'ADD',
  CNI_CONTAINERID: 'c1',
  CNI_NETNS: '/var/run/netns/c1',
  CNI_IFNAME: 'eth0',
  CNI_ARGS: 'IgnoreUnknown=1;K8S_POD_NAME=a=b',
  CNI_PATH: '',
};

let directory: string;
let socketPath: string;
let server: CniServer | undefined;
let rawServer: Server | undefined;
const children: ChildProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'margay-cni-'));
  socketPath = join(directory, 'cni.sock');
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await server?.close();
  rawServer?.close();
  server = rawServer = undefined;
  rmSync(directory, { recursive: true });
});

describe.each([
  { name: 'the executable', file: pluginPath() },
  { name: 'the Node script', file: fallbackPath() },
])('$name', ({ file }) => {
  function start(env: Record<string, string>): ChildProcess {
    const child = spawn(file, { env: { PATH: process.env.PATH, MARGAY_CNI_SOCKET: socketPath, ...env } });
    children.push(child);
    return child;
  }

  async function run(env: Record<string, string>, stdin: string | Buffer = CONFIG): Promise<Outcome> {
    const child = start(env);
    const text = { stdout: '', stderr: '' };
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text.stdout += chunk;
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      text.stderr += chunk;
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(stdin);
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return { exitCode, ...text };
  }

  async function serve(handle: (request: CniRequest, signal: AbortSignal) => Promise<CniReply>): Promise<void> {
    server = await startCniServer({ socketPath, handle });
  }

  it('carries the environment and the configuration, and nothing else of the environment', async () => {
    const seen: CniRequest[] = [];
    await serve(async (request) => {
      seen.push(request);
      return { exitCode: 0, stdout: '{"cniVersion":"1.0.0"}\n' };
    });
    const outcome = await run({ ...ADD, SECRET: 'x', CNI_NETNS_OVERRIDE: 'true' });
    expect(outcome).toEqual({ exitCode: 0, stdout: '{"cniVersion":"1.0.0"}\n', stderr: '' });
    expect(seen).toEqual([{ environment: { ...ADD, CNI_NETNS_OVERRIDE: 'true' }, stdin: CONFIG }]);
  });

  it('ends with the code and the text of the answer', async () => {
    await serve(async () => ({ exitCode: 7, stdout: '{"code":7}' }));
    expect(await run(ADD)).toMatchObject({ exitCode: 7, stdout: '{"code":7}' });
  });

  it('prints nothing for an empty answer', async () => {
    await serve(async () => ({ exitCode: 0, stdout: '' }));
    expect(await run({ ...ADD, CNI_COMMAND: 'DEL', CNI_NETNS: '' })).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('carries a configuration and an answer of a megabyte', async () => {
    const stdin = `{"cniVersion":"1.1.0","x":"${'x'.repeat(MAX_STDIN_BYTES - 30)}"}`.padEnd(MAX_STDIN_BYTES);
    const stdout = JSON.stringify({ y: 'y'.repeat(1 << 20) });
    let length = 0;
    await serve(async (request) => {
      length = request.stdin.length;
      return { exitCode: 0, stdout };
    });
    const outcome = await run(ADD, stdin);
    expect(length).toBe(MAX_STDIN_BYTES);
    expect(outcome.stdout === stdout).toBe(true);
  });

  it('refuses a longer configuration', async () => {
    const outcome = await run(ADD, CONFIG.padEnd(MAX_STDIN_BYTES + 1));
    expect(outcome.exitCode).toBe(1);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ code: 6, msg: 'the network configuration is too long' });
  });

  it('refuses a longer environment', async () => {
    const outcome = await run({ ...ADD, CNI_ARGS: 'x'.repeat(MAX_ENVIRONMENT_BYTES) });
    expect(outcome.exitCode).toBe(1);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ code: 4 });
  });

  it.each([
    { command: 'ADD', code: 11 },
    { command: 'DEL', code: 11 },
    { command: 'CHECK', code: 11 },
    { command: 'GC', code: 11 },
    { command: 'STATUS', code: 50 },
  ])('fails $command with code $code without an agent', async ({ command, code }) => {
    const outcome = await run({ ...ADD, CNI_COMMAND: command });
    expect(outcome.exitCode).toBe(1);
    const details = 'nothing listens on its socket (errno 2)';
    expect(JSON.parse(outcome.stdout)).toEqual({ cniVersion: '1.0.0', code, msg: UNAVAILABLE, details });
    // Runtimes take these words of a failed DEL for success.
    expect(outcome.stdout).not.toMatch(/not found|no such file/i);
  });

  it('leaves the version out of an error when the configuration has none', async () => {
    const outcome = await run(ADD, 'not JSON');
    expect(JSON.parse(outcome.stdout)).toMatchObject({ code: 11 });
    expect(outcome.stdout).not.toContain('cniVersion');
  });

  it.each([
    { stdin: '', version: '1.1.0' },
    { stdin: '{"cniVersion" : "0.4.0"}', version: '0.4.0' },
    { stdin: '{"cniVersion":""}', version: '1.1.0' },
    { stdin: '{"cniVersion":"1.0\\"}', version: '1.1.0' },
  ])('answers VERSION for $stdin with $version without an agent', async ({ stdin, version }) => {
    const outcome = await run({ CNI_COMMAND: 'VERSION', CNI_NETNS: 'dummy', CNI_CONTAINERID: '' }, stdin);
    expect(outcome.exitCode).toBe(0);
    expect(JSON.parse(outcome.stdout)).toEqual({
      cniVersion: version,
      supportedVersions: ['0.3.1', '0.4.0', '1.0.0', '1.1.0'],
    });
  });

  it.each([{}, { CNI_COMMAND: '' }])('explains itself without a command: %o', async (env) => {
    const outcome = await run(env);
    expect(outcome).toMatchObject({ exitCode: 0, stdout: '' });
    expect(outcome.stderr).toContain('CNI protocol versions supported: 0.3.1, 0.4.0, 1.0.0, 1.1.0');
  });

  it('gives up with code 11 when no answer comes in time, and the agent learns of it', async () => {
    const aborted = Promise.withResolvers<void>();
    await serve((_request, signal) => {
      signal.addEventListener('abort', () => aborted.resolve(), { once: true });
      return aborted.promise.then(() => ({ exitCode: 0, stdout: 'late' }));
    });
    const outcome = await run({ ...ADD, MARGAY_CNI_TIMEOUT_MS: '300' });
    expect(outcome.exitCode).toBe(1);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ code: 11, details: 'the agent does not answer' });
    await aborted.promise;
  });

  it('aborts the request when the runtime kills it', async () => {
    const arrived = Promise.withResolvers<void>();
    const aborted = Promise.withResolvers<void>();
    await serve(async (_request, signal) => {
      signal.addEventListener('abort', () => aborted.resolve(), { once: true });
      arrived.resolve();
      await aborted.promise;
      return { exitCode: 0, stdout: '' };
    });
    const child = start(ADD);
    child.stdin?.end(CONFIG);
    await arrived.promise;
    child.kill('SIGKILL');
    await aborted.promise;
  });

  it.each([
    { name: 'closes at once', bytes: Buffer.alloc(0), details: 'without an answer' },
    { name: 'closes in the middle', bytes: Buffer.from([0, 0, 0, 9, 1, 0, 65]), details: 'without an answer' },
    { name: 'speaks another version', bytes: Buffer.from([0, 0, 0, 2, 2, 0]), details: 'protocol version' },
    { name: 'claims a huge answer', bytes: Buffer.from([255, 0, 0, 0, 1, 0]), details: 'protocol version' },
  ])('fails with code 11 when the agent $name', async ({ bytes, details }) => {
    rawServer = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(bytes));
    });
    rawServer.listen(socketPath);
    await once(rawServer, 'listening');
    const outcome = await run(ADD);
    expect(outcome.exitCode).toBe(1);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ code: 11, details: expect.stringContaining(details) });
  });

  it('puts an answer together that comes byte by byte', async () => {
    rawServer = createServer((socket) => {
      socket.once('data', () => {
        const bytes = [0, 0, 0, 4, 1, 3, 79, 75];
        const next = (): void => {
          const byte = bytes.shift();
          if (byte !== undefined) socket.write(Buffer.of(byte), next);
        };
        next();
      });
    });
    rawServer.listen(socketPath);
    await once(rawServer, 'listening');
    expect(await run(ADD)).toMatchObject({ exitCode: 3, stdout: 'OK' });
  });

  it('runs many at a time', async () => {
    const waiting: (() => void)[] = [];
    await serve(async ({ environment }) => {
      const gate = Promise.withResolvers<void>();
      waiting.push(gate.resolve);
      if (waiting.length === 8) for (const open of waiting) open();
      await gate.promise;
      return { exitCode: 0, stdout: environment.CNI_CONTAINERID ?? '' };
    });
    const ids = Array.from({ length: 8 }, (_, index) => `c${index}`);
    const outcomes = await Promise.all(ids.map((id) => run({ ...ADD, CNI_CONTAINERID: id })));
    expect(outcomes.map(({ stdout }) => stdout)).toEqual(ids);
  });
});

describe('pluginPath', () => {
  it.each(['x64', 'amd64', 'arm64'])('names an executable for %s', (architecture) => {
    const { mode, size } = statSync(pluginPath(architecture));
    expect(mode & 0o111).toBe(0o111);
    expect(size).toBeLessThan(100_000);
  });

  it('names the script elsewhere', () => {
    expect(pluginPath('riscv64')).toBe(fallbackPath());
  });
});
