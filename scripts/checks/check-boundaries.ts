import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';

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
  e2e: {
    mayImport: ['core', 'port', 'wire', 'runtime', 'adapter', 'sim', 'test'],
    because: 'real clusters are tested from outside, as a user has them',
  },
  test: { mayImport: ['core', 'port', 'wire', 'runtime', 'test'], because: 'contract suites know ports alone' },
};

interface Project {
  readonly folder: string;
  readonly layer: string;
}

function projects(root: string): Project[] {
  const workspaces = ['packages', 'services'].flatMap((parent) =>
    readdirSync(`${root}/${parent}`).map((name) => `${parent}/${name}`),
  );
  return [...workspaces, 'sim/apiserver', 'sim', 'e2e'].map((folder) => {
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

/** Tests and benches may use test kits and any adapter; production code may not, and may not import them. */
const NOT_PRODUCTION = '(\\.test\\.ts$|/(bench|test|test-support)/)';

/** npm's own word for everything that is installed. */
const INSTALLED = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];

/** What a core may not reach for though it needs no import: the clock, chance, the process, the console. */
const MACHINE_GLOBALS =
  /\b(Date\.now|new Date\(\)|Math\.random|performance\.|process\.|console\.|globalThis\.|setTimeout|setInterval|setImmediate|fetch\(|crypto\.)/;

/** Every import, and in cores every global, that the layers do not allow, as one line each; empty when all is well. */
export async function checkBoundaries(root: string): Promise<string[]> {
  const all = projects(root);
  const { output } = await cruise(['packages', 'services', 'sim', 'e2e'], {
    baseDir: root,
    ruleSet: { forbidden: [...layerRules(all), ...kindRules(all), ...COMMON_RULES] },
    validate: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/generated/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  });
  const { violations } = (output as ICruiseResult).summary;
  return [
    ...violations.map(({ rule, from, to }) => `${from} imports ${to}; ${rule.name}`),
    ...machineGlobals(root, all),
  ];
}

const escaped = (text: string): string => text.replaceAll('/', '\\/');
const inside = (folders: readonly Project[]): string =>
  `^(${folders.map(({ folder }) => escaped(folder)).join('|')})\\/`;

function layerRules(all: readonly Project[]): IForbiddenRuleType[] {
  return all.flatMap(({ folder, layer }) => {
    const { mayImport, because } = LAYERS[layer] as Layer;
    const banned = all.filter((other) => other.folder !== folder && !mayImport.includes(other.layer));
    const pathNot = folder === 'sim' ? `(^sim\\/apiserver\\/)|${NOT_PRODUCTION}` : NOT_PRODUCTION;
    const from = { path: `^${escaped(folder)}\\/`, pathNot };
    const rules: IForbiddenRuleType[] = [
      { name: `${layer}: ${because}`, severity: 'error', from, to: { path: inside(banned) } },
    ];
    if (layer === 'core') {
      const machine = { name: `core: ${because}`, severity: 'error' as const, from };
      rules.push({ ...machine, to: { dependencyTypes: ['core'] } });
      rules.push({ ...machine, to: { dependencyTypes: INSTALLED as never, pathNot: inside(all) } });
    }
    return rules;
  });
}

function kindRules(all: readonly Project[]): IForbiddenRuleType[] {
  const adapters = all.filter(({ layer }) => layer === 'adapter');
  const services = all.filter(({ layer }) => layer === 'service');
  return [
    ...all.map(({ folder }) => ({
      name: 'index only: a package is entered by its src/index.ts, the simulator also by that of its scenarios',
      severity: 'error' as const,
      from: { pathNot: `^${escaped(folder)}\\/` },
      to: {
        path: `^${escaped(folder)}\\/(?!src\\/index\\.ts$)${folder === 'sim' ? '(?!apiserver\\/|src\\/scenarios\\/index\\.ts$)' : ''}.*\\.ts$`,
      },
    })),
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
  ];
}

const COMMON_RULES: readonly IForbiddenRuleType[] = [
  {
    name: 'production code never imports tests or benches',
    severity: 'error',
    from: { path: '/src/', pathNot: NOT_PRODUCTION },
    to: { path: `^(packages|services|sim|e2e)\\/.*${NOT_PRODUCTION}` },
  },
  {
    name: 'no cycles',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  { name: 'every import resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
];

function machineGlobals(root: string, all: readonly Project[]): string[] {
  const cores = all.filter(({ layer }) => layer === 'core');
  return cores.flatMap(({ folder }) =>
    readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .flatMap((file) => {
        const lines = readFileSync(join(root, folder, 'src', file), 'utf8').split('\n');
        return lines.flatMap((line, index) => {
          const found = /^\s*(\*|\/\/|\/\*)/.test(line) ? undefined : MACHINE_GLOBALS.exec(line)?.[0];
          return found === undefined
            ? []
            : [`${folder}/src/${file}:${index + 1} uses ${found}; core: ${(LAYERS.core as Layer).because}`];
        });
      }),
  );
}
