import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { COMBINATIONS } from '../src/combinations.ts';
import { CHART, helm, type KubernetesObject, nameOf, render } from '../src/helm.ts';

/** A file of the chart that a ConfigMap carries whole is named instead of shown. */
function named(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'ConfigMap') return object;
  const data = Object.entries(object.data as Record<string, string>).map(([key, text]) => {
    const path = `crds/${key}`;
    const isFile = key !== 'pools.yaml' && readFileSync(join(CHART, path), 'utf8').trimEnd() === text.trimEnd();
    return [key, isFile ? `(the file ${path})` : text];
  });
  return { ...object, data: Object.fromEntries(data) as Record<string, string> };
}

function asYaml(objects: readonly KubernetesObject[]): string {
  return objects
    .map((object) => stringify(named(object), { lineWidth: 0, aliasDuplicateObjects: false }))
    .join('---\n');
}

/** What is otherwise than by default: whole objects, and the names of those that are missing. */
function difference(objects: readonly KubernetesObject[], standard: readonly KubernetesObject[]): string {
  const before = new Map(standard.map((object) => [nameOf(object), asYaml([object])]));
  const after = new Set(objects.map(nameOf));
  const gone = [...before.keys()].filter((name) => !after.has(name)).map((name) => `# gone: ${name}\n`);
  return gone.join('') + asYaml(objects.filter((object) => before.get(nameOf(object)) !== asYaml([object])));
}

const golden = (name: string): string => join(import.meta.dirname, 'golden', `${name}.yaml`);

describe('helm template', () => {
  const standard = render({});

  it('has no two objects of one kind and name', () => {
    expect(standard.map(nameOf)).toEqual([...new Set(standard.map(nameOf))]);
  });

  it('renders the default as in golden/default.yaml', async () => {
    await expect(asYaml(standard)).toMatchFileSnapshot(golden('default'));
  });

  it.each(Object.entries(COMBINATIONS))(
    'renders %s as in its golden file, which has what differs',
    async (name, values) => {
      await expect(difference(render(values), standard)).toMatchFileSnapshot(golden(name));
    },
  );

  it('puts every definition of a kind into a ConfigMap, whole', () => {
    const carried = standard
      .filter(({ kind }) => kind === 'ConfigMap')
      .map((object) => asYaml([object]))
      .join('');
    for (const name of readdirSync(join(CHART, 'crds'))) expect(carried).toContain(`(the file crds/${name})`);
  });
});

describe('helm lint', () => {
  it('has nothing to say, strictly', () => {
    const { code, stdout, stderr } = helm('lint', '--strict', CHART);
    expect({ code, problems: `${stdout}${stderr}`.match(/\[(WARNING|ERROR)\].*/g) }).toEqual({
      code: 0,
      problems: null,
    });
  });
});
