import { readdirSync, readFileSync } from 'node:fs';
import { cruise, type IReporterOutput } from 'dependency-cruiser';

/**
 * Holds every import to the layers. A package names its layer in the nx tags
 * of its package.json; a package without one fails.
 */

interface Layer {
  readonly mayImport: readonly string[];
  readonly because: string;
}

const LAYERS: Record<string, Layer> = {
  core: {
    mayImport: ['core'],
    because: 'a core is a pure function of its inputs, so that it can be tested without a machine',
  },
  port: { mayImport: ['core', 'port'], because: 'a port says what is needed, never how it is done' },
  wire: { mayImport: ['core', 'port', 'wire'], because: 'the protocol is the same whatever adapter is behind it' },
  runtime: { mayImport: ['core', 'port', 'wire', 'runtime'], because: 'every process shares it' },
  adapter: { mayImport: ['core', 'port', 'wire', 'runtime'], because: 'an adapter is replaced alone' },
  service: { mayImport: ['core', 'port', 'wire', 'runtime', 'adapter'], because: 'services meet over gRPC only' },
  sim: {
    mayImport: ['core', 'port', 'wire', 'runtime', 'adapter', 'sim'],
    because: 'the simulator starts services as processes',
  },
  cli: {
    mayImport: ['core', 'port', 'wire', 'runtime', 'adapter', 'sim', 'cli'],
    because: 'the command talks to services over the API',
  },
  test: { mayImport: ['core', 'port', 'wire', 'runtime', 'test'], because: 'contract suites know ports alone' },
};

const root = `${import.meta.dirname}/../..`;

interface Project {
  readonly folder: string;
  readonly layer: string;
}

function projects(): Project[] {
  const workspaces = ['packages', 'services'].flatMap((parent) =>
    readdirSync(`${root}/${parent}`).map((name) => `${parent}/${name}`),
  );
  return [...workspaces, 'sim/apiserver', 'sim'].map((folder) => {
    const { nx } = JSON.parse(readFileSync(`${root}/${folder}/package.json`, 'utf8')) as { nx?: { tags?: string[] } };
    const layer = nx?.tags?.find((tag) => tag.startsWith('layer:'))?.slice('layer:'.length);
    if (layer === undefined || !(layer in LAYERS)) {
      throw new Error(
        `${folder}/package.json: nx.tags needs one of ${Object.keys(LAYERS)
          .map((name) => `layer:${name}`)
          .join(', ')}`,
      );
    }
    return { folder, layer };
  });
}

/** Tests and benches may use test kits and any adapter; production code may not. */
const NOT_PRODUCTION = '(\\.test\\.ts$|/(bench|test)/)';

const all = projects();
const escaped = (text: string): string => text.replaceAll('/', '\\/');
const inside = (folders: readonly Project[]): string =>
  `^(${folders.map(({ folder }) => escaped(folder)).join('|')})\\/`;

const layerRules = all.flatMap(({ folder, layer }) => {
  const { mayImport, because } = LAYERS[layer] as Layer;
  const banned = all.filter((other) => other.folder !== folder && !mayImport.includes(other.layer));
  const from = {
    path: `^${escaped(folder)}\\/`,
    pathNot: folder === 'sim' ? `(^sim\\/apiserver\\/)|${NOT_PRODUCTION}` : NOT_PRODUCTION,
  };
  const rules = [{ name: `${layer}: ${because}`, severity: 'error' as const, from, to: { path: inside(banned) } }];
  if (layer === 'core') {
    rules.push({
      name: `core without a machine: ${because}`,
      severity: 'error',
      from,
      to: { path: '^node:', dependencyTypes: ['core'] } as never,
    });
  }
  return rules;
});

const adapters = all.filter(({ layer }) => layer === 'adapter');
const services = all.filter(({ layer }) => layer === 'service');

const entryRules = all.map(({ folder }) => ({
  name: 'index only: a package is entered by its src/index.ts',
  severity: 'error' as const,
  from: { pathNot: `^${escaped(folder)}\\/` },
  to: { path: `^${escaped(folder)}\\/(?!src\\/index\\.ts$)${folder === 'sim' ? '(?!apiserver\\/)' : ''}.*\\.ts$` },
}));

const result = await cruise(['packages', 'services', 'sim'], {
  baseDir: root,
  ruleSet: {
    forbidden: [
      ...layerRules,
      ...entryRules,
      ...services.map(({ folder }) => ({
        name: 'service: a service never imports another, tests included',
        severity: 'error' as const,
        from: { path: `^${escaped(folder)}\\/` },
        to: { path: inside(services.filter((other) => other.folder !== folder)) },
      })),
      ...adapters.map(({ folder }) => ({
        name: 'adapter: an adapter never imports another outside its tests',
        severity: 'error' as const,
        from: { path: `^${escaped(folder)}\\/`, pathNot: NOT_PRODUCTION },
        to: { path: inside(adapters.filter((other) => other.folder !== folder)) },
      })),
      {
        name: 'no cycles',
        severity: 'error',
        from: {},
        to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
      },
      { name: 'every import resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ],
  },
  validate: true,
  doNotFollow: { path: 'node_modules' },
  exclude: { path: '/generated/' },
  tsPreCompilationDeps: true,
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['import', 'types', 'node', 'default'],
    extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
  },
  outputType: 'err',
});

const { output, exitCode } = result as IReporterOutput & { output: string };
process.stdout.write(output);
process.exitCode = exitCode === 0 ? 0 : 1;
