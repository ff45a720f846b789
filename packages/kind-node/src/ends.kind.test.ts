import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { containersOf, freeName, NODE_IMAGE } from '../test/real.ts';
import { KindCluster } from './kind-cluster.ts';
import { type ProcessIdentity, processState } from './process-identity.ts';
import type { ClusterRecord } from './records.ts';

let folder: string;
let stateFolder: string;
const children: Program[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kind-node-test-'));
  stateFolder = join(folder, 'state');
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  }
  await KindCluster.reapAbandoned({ stateFolder });
  rmSync(folder, { recursive: true, force: true });
});

type Program = ChildProcessByStdio<null, Readable, null>;

function startProgram(name: string): { readonly child: Program; readonly lines: AsyncIterableIterator<string> } {
  const program = join(import.meta.dirname, '../test/start-cluster.ts');
  const child = spawn(process.execPath, [program, name, NODE_IMAGE, stateFolder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

async function readUntil(lines: AsyncIterableIterator<string>, wanted: string): Promise<void> {
  for (let next = await lines.next(); !next.done; next = await lines.next()) if (next.value === wanted) return;
  throw new Error(`the program ended before it said '${wanted}'`);
}

describe('KindCluster.start in the middle', () => {
  it('leaves nothing after an abort while kind makes the containers', async () => {
    const name = freeName('abort');
    const controller = new AbortController();
    const start = new KindCluster({ name, stateFolder, image: NODE_IMAGE }).start({
      signal: controller.signal,
      onProgress: ({ step, state }) => step === 'nodes' && state === 'begin' && controller.abort(),
    });
    await expect(start).rejects.toMatchObject({ code: 'ABORTED' });
    expect(containersOf(name)).toEqual([]);
    expect(readdirSync(stateFolder)).toEqual([]);
  });

  it('leaves nothing after Ctrl-C while Kubernetes starts', async () => {
    const name = freeName('interrupt');
    const { child, lines } = startProgram(name);
    await readUntil(lines, 'control-plane begin');
    expect(containersOf(name)).toHaveLength(1);
    child.kill('SIGINT');
    await readUntil(lines, 'ABORTED');
    const [exitCode] = (await once(child, 'exit')) as [number | null];
    expect(exitCode).toBe(3);
    expect(containersOf(name)).toEqual([]);
    expect(readdirSync(stateFolder)).toEqual([]);
  });
});

describe('KindCluster.reapAbandoned', () => {
  it('ends the kind and deletes the cluster of a process that was killed', async () => {
    const name = freeName('crash');
    const { child, lines } = startProgram(name);
    await readUntil(lines, 'control-plane begin');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const record = JSON.parse(readFileSync(join(stateFolder, `${name}.json`), 'utf8')) as ClusterRecord;
    const kind = record.kind as ProcessIdentity;
    expect(processState(kind)).toBe('alive');
    await expect(new KindCluster({ name, stateFolder }).start()).rejects.toThrow(/reapAbandoned\(\) first\.$/);
    const twice = await Promise.all([
      KindCluster.reapAbandoned({ stateFolder }),
      KindCluster.reapAbandoned({ stateFolder }),
    ]);
    expect(twice.flat()).toEqual([{ name, pid: child.pid, outcome: 'deleted' }]);
    expect(processState(kind)).toBe('dead');
    expect(containersOf(name)).toEqual([]);
    expect(readdirSync(stateFolder)).toEqual([]);
  });
});
