import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { containersOf } from '../test/real.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kind-node-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("the README's first example runs, with two nodes, and leaves nothing but its kubeconfig", async () => {
  const program = join(import.meta.dirname, '../test/readme-first.ts');
  const env = { ...process.env, XDG_STATE_HOME: join(folder, 'state') };
  const { stdout } = await promisify(execFile)(process.execPath, [program], { cwd: folder, env });
  expect(stdout).toMatch(/^\d+ ms: join done$/m);
  expect(stdout).toMatch(/^kind-node-readme-control-plane 0 \S+\nkind-node-readme-worker 0 \S+\n$/m);
  expect(readFileSync(join(folder, 'kubeconfig'), 'utf8')).toContain('kind-kind-node-readme');
  expect(containersOf('kind-node-readme')).toEqual([]);
  expect(readdirSync(join(folder, 'state/kind-node'))).toEqual([]);
}, 115_000);
