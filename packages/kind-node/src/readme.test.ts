import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');

describe('README.md', () => {
  it('shows the examples that the tests run and the compiler reads', () => {
    const shown = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text]) => text);
    const files = ['readme-first.ts', 'readme-errors.ts'].map((file) =>
      // Without the first line, which speaks to readers of the file.
      readFileSync(join(folder, 'test', file), 'utf8').replace(/^.*\n/, ''),
    );
    expect(shown).toEqual(files);
  });

  it('lists every error code', () => {
    const source = readFileSync(join(folder, 'src/kind-error.ts'), 'utf8');
    const union = /KindErrorCode =(.*?);/s.exec(source)?.[1] ?? '';
    const codes = [...union.matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(10);
    const listed = [...readme.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code);
    expect(listed.sort()).toEqual(codes.sort());
  });
});
