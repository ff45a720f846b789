import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePart, writeSections } from './report.ts';

describe('writePart', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'margay-report-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('writes the parts in their order, whichever comes first', () => {
    const file = join(folder, 'benchmarks.md');
    writePart(file, '# Benchmarks on Kubernetes', 'on kind\n');
    writePart(file, '# Benchmarks', 'here\n\n## A table\n');
    expect(readFileSync(file, 'utf8')).toBe(
      '# Benchmarks\n\nhere\n\n## A table\n\n# Benchmarks on Kubernetes\n\non kind\n',
    );
  });

  it('replaces its own part and leaves the other one', () => {
    const file = join(folder, 'benchmarks.md');
    writeFileSync(file, '# Benchmarks\n\nold\n\n## Old\n\n# Benchmarks on Kubernetes\n\nkept\n\n## Kept\n');
    writePart(file, '# Benchmarks', 'new');
    expect(readFileSync(file, 'utf8')).toBe('# Benchmarks\n\nnew\n\n# Benchmarks on Kubernetes\n\nkept\n\n## Kept\n');
  });

  it('replaces one section of a part by its title, and keeps the others and their order', () => {
    const file = join(folder, 'benchmarks.md');
    const part = '# Benchmarks on Kubernetes';
    writeSections(file, part, { intro: 'how', sections: ['## A\n\nold\n', '## B\n\nb\n'] });
    writeSections(file, part, { intro: 'how', sections: ['## A\n\nnew\n', '## C\n\nc\n'] });
    expect(readFileSync(file, 'utf8')).toBe(`${part}\n\nhow\n\n## A\n\nnew\n\n## B\n\nb\n\n## C\n\nc\n`);
  });
});
