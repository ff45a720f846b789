import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Component and layer of each row of the list. */
function listed(): string[] {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const rows = text.matchAll(/^\| ((?:packages|services|sim|e2e)[a-z0-9/-]*) \| ([a-z0-9]+) \|/gm);
  return [...rows].map(([, component, layer]) => `${component} ${layer}`).sort();
}

function present(): string[] {
  const folders = ['packages', 'services'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
  );
  return [...folders, 'sim', 'sim/apiserver', 'e2e']
    .map((folder) => {
      const { nx } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as { nx: { tags: string[] } };
      return `${folder} ${nx.tags[0]?.slice('layer:'.length)}`;
    })
    .sort();
}

describe('ARCHITECTURE.md', () => {
  it('lists every component with its layer', () => {
    expect(listed()).toEqual(present());
  });

  it('has a DESIGN.md for every service', () => {
    for (const name of readdirSync(join(root, 'services'))) {
      expect(readdirSync(join(root, 'services', name))).toContain('DESIGN.md');
    }
  });
});
