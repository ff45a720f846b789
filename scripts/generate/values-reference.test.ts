import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chartValues, valuesReference } from './values-reference.ts';

const root = join(import.meta.dirname, '../..');
const values = chartValues(readFileSync(join(root, 'deploy/chart/values.yaml'), 'utf8'));

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** The paths that the schema allows, as far as it names them. */
function schemaPaths(): string[] {
  const text = readFileSync(join(root, 'deploy/chart/values.schema.json'), 'utf8');
  const schema = JSON.parse(text) as Schema & { readonly definitions: Readonly<Record<string, Schema>> };
  const walk = (at: Schema, path: string): string[] => {
    const { $ref } = at;
    const target = $ref === undefined ? at : schema.definitions[$ref.replace('#/definitions/', '')];
    const inside = Object.entries(target?.properties ?? {});
    // What a definition contains is one value, but for groups that share it.
    if (path !== '' && (inside.length === 0 || /^(resources|affinity)$/.test(path.split('.').at(-1) ?? '')))
      return [path];
    return [
      ...(path === '' ? [] : [path]),
      ...inside.flatMap(([name, part]) => walk(part, path === '' ? name : `${path}.${name}`)),
    ];
  };
  return walk(schema, '').filter((path) => path !== 'global');
}

describe('values.yaml', () => {
  it('says of every value what it is', () => {
    expect(values.filter(({ says }) => says === '').map(({ path }) => path)).toEqual([]);
  });

  it('has the values that the schema allows, and no others', () => {
    expect(values.map(({ path }) => path).sort()).toEqual(schemaPaths().sort());
  });
});

describe('valuesReference', () => {
  it('has a row or a section for every value', () => {
    const page = valuesReference(root);
    for (const { path } of values) {
      expect(
        page.includes(`| \`${path}\` |`) || page.includes(`\n## ${path}\n`) || page.includes(`| \`${path}.`),
        path,
      ).toBe(true);
    }
  });
});
