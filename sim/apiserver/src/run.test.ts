import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestAuthority } from './test-support/certificates.ts';
import { TestClient } from './test-support/client.ts';

const directory = mkdtempSync(join(tmpdir(), 'margay-run-'));
const file = (name: string): string => join(directory, name);
const MAIN = join(import.meta.dirname, 'main.ts');
let authority: TestAuthority;

beforeAll(async () => {
  authority = await TestAuthority.create();
  const { certificate, privateKey } = await authority.issue('apiserver');
  writeFileSync(file('crt'), certificate);
  writeFileSync(file('key'), privateKey, { mode: 0o600 });
  writeFileSync(file('tokens'), '# comment\nsecret,admin\n', { mode: 0o600 });
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

const complete = (): string[] => [
  ...['--database', file('db'), '--listen', '127.0.0.1:0', '--tls-cert', file('crt')],
  ...['--tls-key', file('key'), '--token-file', file('tokens')],
];

async function outcome(args: readonly string[]): Promise<{ code: number; stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH } });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, stderr };
}

describe('the options', () => {
  it.each([
    { name: 'an unknown option', args: ['--nonsense'], says: '--nonsense' },
    {
      name: 'no credentials',
      args: ['--database', 'x', '--listen', '127.0.0.1:0'],
      says: '--client-ca or --token-file',
    },
    { name: 'no listener', args: ['--token-file', 'x'], says: '--listen or --listen-fd' },
    { name: 'no port', args: ['--token-file', 'x', '--listen', 'host'], says: 'write HOST:PORT' },
  ])('$name is one line, and code 2', async ({ args, says }) => {
    const { code, stderr } = await outcome(args);
    expect([code, stderr.trim().split('\n').length]).toEqual([2, 1]);
    expect(stderr).toContain(says);
  });

  it('refuse a token file that others can read', async () => {
    chmodSync(file('tokens'), 0o644);
    const { code, stderr } = await outcome(complete());
    chmodSync(file('tokens'), 0o600);
    expect(code).toBe(1);
    expect(stderr).toContain('mode must be 0600');
  });

  it('name the manifest that is not valid', async () => {
    writeFileSync(file('bad.yaml'), 'kind: CustomResourceDefinition\nmetadata: {name: x}\nspec: {foo: 1}\n');
    const { code, stderr } = await outcome([...complete(), '--crd-dir', directory]);
    expect(code).toBe(1);
    expect(stderr).toContain(`${file('bad.yaml')}: `);
    expect(stderr).toContain('unknown field "spec.foo"');
  });
});

describe('the program', () => {
  it('serves a socket that it inherits, and ends in good order on SIGTERM', async () => {
    const listener = createServer();
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as { port: number };
    // The descriptor is what a launcher outside the simulation's namespaces hands over.
    const { fd } = (listener as unknown as { _handle: { fd: number } })._handle;
    const args = [...complete(), '--listen-fd', '3'];
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'inherit', fd] });
    if (child.stdout === null) throw new Error('the program has no output');
    const [line] = (await once(child.stdout, 'data', { signal: AbortSignal.timeout(8000) })) as [Buffer];
    expect(JSON.parse(line.toString())).toMatchObject({ level: 30, msg: 'the API server is ready' });
    listener.close();
    const client = new TestClient(port, { ca: authority.certificate }, 'secret');
    expect((await client.call('GET', '/api/v1/namespaces/default')).status).toBe(200);
    const watch = client.watch('/api/v1/namespaces?watch=true');
    expect((await watch.next()).value).toMatchObject({ type: 'ADDED' });
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(0);
    await watch.return(undefined);
  });
});
