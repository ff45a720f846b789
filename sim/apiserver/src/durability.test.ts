import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestAuthority } from './test-support/certificates.ts';
import { TestClient } from './test-support/client.ts';

const TOKEN = 'durable';
const MAPS = '/api/v1/namespaces/default/configmaps';

const directory = mkdtempSync(join(tmpdir(), 'margay-durability-'));
let authority: TestAuthority;
let server: ChildProcess | undefined;

beforeAll(async () => {
  authority = await TestAuthority.create();
  const { certificate, privateKey } = await authority.issue('apiserver');
  const files = { 'tls.crt': certificate, 'tls.key': privateKey, tokens: `${TOKEN},tester\n` };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text, { mode: 0o600 });
});

afterAll(() => {
  server?.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

/** Starts the program itself, and waits until it says that it is ready. */
async function start(): Promise<TestClient> {
  const file = (name: string): string => join(directory, name);
  const options = ['--database', file('state'), '--listen', '127.0.0.1:0', '--tls-cert', file('tls.crt')];
  const more = ['--tls-key', file('tls.key'), '--token-file', file('tokens')];
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...options, ...more]);
  server = child;
  const line = await firstLine(child);
  const { port } = JSON.parse(line) as { port: number };
  return new TestClient(port, { ca: authority.certificate }, TOKEN);
}

/** What the program says first; an error when it ends without a word. */
async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the program has no output');
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('the program ended before it was ready');
}

it('has every acknowledged write after kill -9 in the middle of many', async () => {
  const acknowledged = new Map<string, string>();
  for (let round = 0; round < 3; round += 1) {
    const client = await start();
    for (const [name, value] of acknowledged) {
      const { body } = await client.call('GET', `${MAPS}/${name}`);
      expect([name, Number((body.data as { value: string }).value) >= Number(value)]).toEqual([name, true]);
    }
    const goal = acknowledged.size + 40;
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let index = 0; ; index += 1) {
        const name = `r${round}-w${writer}-${index}`;
        const body = { metadata: { name }, data: { value: '1' } };
        if ((await client.call('POST', MAPS, { body })).status !== 201) return;
        acknowledged.set(name, '1');
        const changed = await client.call('PUT', `${MAPS}/${name}`, { body: { ...body, data: { value: '2' } } });
        if (changed.status !== 200) return;
        acknowledged.set(name, '2');
        if (acknowledged.size >= goal) server?.kill('SIGKILL');
      }
    });
    const outcomes = await Promise.allSettled(writers);
    // Each writer ends because the server is gone, never because a write was refused.
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
    expect(acknowledged.size).toBeGreaterThanOrEqual(goal);
  }
  const client = await start();
  const { body } = await client.call('GET', MAPS);
  const stored = new Map(body.items.map(({ metadata, data }) => [metadata.name, (data as { value: string }).value]));
  for (const [name, value] of acknowledged)
    expect([name, Number(stored.get(name)) >= Number(value)]).toEqual([name, true]);
}, 60_000);
