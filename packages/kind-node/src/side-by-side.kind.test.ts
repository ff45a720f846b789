import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { containersOf, freeName, NODE_IMAGE } from '../test/real.ts';
import { KindCluster } from './kind-cluster.ts';

let stateFolder: string;
beforeEach(() => {
  stateFolder = mkdtempSync(join(tmpdir(), 'kind-node-test-'));
});
afterEach(async () => {
  await KindCluster.reapAbandoned({ stateFolder });
  rmSync(stateFolder, { recursive: true, force: true });
});

it('two processes start clusters of different names side by side, and each deletes its own', async () => {
  const program = join(import.meta.dirname, '../test/start-cluster.ts');
  const names = [freeName('left'), freeName('right')];
  const runs = names.map((name) => promisify(execFile)(process.execPath, [program, name, NODE_IMAGE, stateFolder]));
  for (const [index, { stdout }] of (await Promise.all(runs)).entries()) {
    expect(stdout).toContain(`started ${names[index]}\n`);
  }
  expect(names.flatMap(containersOf)).toEqual([]);
  expect(readdirSync(stateFolder)).toEqual([]);
}, 115_000);
