import { existsSync, readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/**
 * Every package is a vitest project. By the file name's ending:
 * `.test.ts` needs nothing; `.root.test.ts` needs root and runs in
 * namespaces of its own; `.kubectl.test.ts` needs the real kubectl;
 * `.scenario.test.ts` starts a simulation; `.kind.test.ts` needs kind and
 * Docker; `.contract.test.ts` describes a protocol and runs it against our own
 * server and, where kube-apiserver and etcd are at hand, against those.
 * MARGAY_TESTS chooses one of unit, root, kubectl, scenario, kind, contract.
 */
const tier = process.env.MARGAY_TESTS ?? 'unit';
const special = ['root', 'kubectl', 'scenario', 'contract', 'kind'];
const include = tier === 'unit' ? ['**/*.test.ts'] : [`**/*.${tier}.test.ts`];
const exclude = ['**/node_modules/**', ...(tier === 'unit' ? special.map((name) => `**/*.${name}.test.ts`) : [])];

const root = import.meta.dirname;
const folders = ['packages', 'services'].flatMap((parent) =>
  readdirSync(`${root}/${parent}`).map((name) => `${parent}/${name}`),
);

export default defineConfig({
  root,
  test: {
    projects: [...folders, 'sim', 'sim/apiserver', 'e2e', 'deploy/chart-tests', 'scripts']
      .filter((folder) => existsSync(`${root}/${folder}`))
      .map((folder) => ({
        root: `${root}/${folder}`,
        test: {
          name: folder === 'sim/apiserver' ? '@margay/apiserver' : `@margay/${folder.split('/').at(-1)}`,
          include,
          exclude: folder === 'sim' ? [...exclude, 'apiserver/**'] : exclude,
          testTimeout: tier === 'unit' ? 10_000 : 60_000,
          hookTimeout: 120_000,
          fileParallelism: tier === 'unit' || tier === 'scenario',
          setupFiles: tier === 'root' ? [`${root}/scripts/testing/own-network.ts`] : [],
        },
      })),
    pool: 'forks',
    // Simulations wait more than they work, and do not see one another: two at a time.
    ...(tier === 'scenario' && { maxWorkers: 2 }),
  },
});
