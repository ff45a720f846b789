import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkBoundaries } from './check-boundaries.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'margay-boundaries-'));
  const layers = {
    'packages/core-a': 'core',
    'packages/core-b': 'core',
    'packages/adapter-a': 'adapter',
    'packages/adapter-b': 'adapter',
    'packages/kit': 'test',
    'services/one': 'service',
    'services/two': 'service',
    sim: 'sim',
    'sim/apiserver': 'sim',
    e2e: 'e2e',
  };
  for (const [folder, layer] of Object.entries(layers)) {
    write(`${folder}/package.json`, JSON.stringify({ name: folder, type: 'module', nx: { tags: [`layer:${layer}`] } }));
    write(`${folder}/src/index.ts`, 'export const here = 1;\n');
  }
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

describe('checkBoundaries', () => {
  it('has nothing to say of what keeps to the layers', async () => {
    write(
      'packages/core-a/src/use.ts',
      "import { here } from '../../core-b/src/index.ts';\nexport const there = here;\n",
    );
    write(
      'packages/core-a/src/a.test.ts',
      "import { here } from '../../kit/src/index.ts';\nconsole.log(here, Date.now());\n",
    );
    write(
      'services/one/src/use.ts',
      "import { here } from '../../../packages/adapter-a/src/index.ts';\nexport const there = here;\n",
    );
    expect(await checkBoundaries(root)).toEqual([]);
  });

  it.each([
    ['a core that reads files', 'packages/core-a', "import 'node:fs';", 'core:'],
    ['a core that reads files by the short name', 'packages/core-a', "import 'fs';", 'core:'],
    ['a core that looks at the clock', 'packages/core-a', 'export const now = Date.now();', 'Date.now'],
    ['a core that throws dice', 'packages/core-a', 'export const dice = Math.random();', 'Math.random'],
    ['a core that reads the environment', 'packages/core-a', 'export const home = process.env.HOME;', 'process.'],
    ['a core that imports an adapter', 'packages/core-a', "import '../../adapter-a/src/index.ts';", 'core:'],
    ['an adapter that imports another', 'packages/adapter-a', "import '../../adapter-b/src/index.ts';", 'adapter:'],
    ['an adapter that imports a test kit', 'packages/adapter-a', "import '../../kit/src/index.ts';", 'adapter:'],
    ['a service that imports another', 'services/one', "import '../../two/src/index.ts';", 'service:'],
    [
      'an adapter that imports a service',
      'packages/adapter-a',
      "import '../../../services/one/src/index.ts';",
      'adapter:',
    ],
    ['a way past the index', 'services/one', "import '../../../packages/adapter-a/src/inner.ts';", 'index only'],
    ['an import of a test', 'services/one', "import '../test/helper.ts';", 'production code'],
    ['an import that is not there', 'services/one', "import './gone.ts';", 'resolves'],
  ])('finds %s', async (_, folder, code, says) => {
    write('packages/adapter-a/src/inner.ts', 'export const inner = 1;\n');
    write('services/one/test/helper.ts', 'export const helper = 1;\n');
    write(`${folder}/src/wrong.ts`, `${code}\n`);
    const violations = await checkBoundaries(root);
    expect(violations.join('\n')).toContain(`${folder}/src/wrong.ts`);
    expect(violations.join('\n')).toContain(says);
  });

  it('stops at a package without a layer', async () => {
    write('packages/core-a/package.json', JSON.stringify({ name: 'core-a' }));
    await expect(checkBoundaries(root)).rejects.toThrow('packages/core-a/package.json: nx.tags needs one of');
  });
});
