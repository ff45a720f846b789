import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Programs called kind and docker that fail as the real ones do, on a PATH of
 * their own: failures that cannot be provoked in real ones, or not quickly.
 * What works is tested with the real ones (`*.kind.test.ts`).
 */
export class FakePrograms implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'kind-node-fake-'));
  readonly stateFolder: string = join(this.folder, 'state');
  readonly env: NodeJS.ProcessEnv = { PATH: this.folder, HOME: this.folder };

  /** Writes a program; `cases` are those of a shell's `case "$*" in`. Every call is noted. */
  write(program: 'kind' | 'docker', cases: string): this {
    const path = join(this.folder, program);
    const lines = ['#!/bin/sh', 'PATH=/usr/bin:/bin', `echo "$*" >> '${path}.calls'`, 'case "$*" in', cases, 'esac'];
    writeFileSync(path, `${lines.join('\n')}\n`);
    chmodSync(path, 0o755);
    return this;
  }

  calls(program: 'kind' | 'docker'): string[] {
    const path = join(this.folder, `${program}.calls`);
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8').trim();
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
