import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';

// Makes the programs of an image: one JavaScript file for each service, with
// everything from npm in it, and beside it the few files that are read at run
// time, at the same places as in the checkout. `node bundle.ts OUT SERVICE…`

const ROOT = join(import.meta.dirname, '../..');

/** What gRPC's health protocol reads. */
const HEALTH = 'node_modules/grpc-health-check/proto';

/** Read at run time, from the place where the source that reads them was. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  controller: ['proto', HEALTH],
  fanout: ['proto', HEALTH],
  ipam: ['proto', HEALTH],
  policy: ['proto', HEALTH],
  'node-agent': [
    'proto',
    HEALTH,
    'packages/kernel-linux/bpf/ipip.bpf.o',
    'packages/cni-plugin/prebuilt',
    'node_modules/koffi',
    `node_modules/@koromix/koffi-linux-${process.arch}`,
  ],
};

/** Programs of an image beside its services: their sources, by the service that brings them. */
const PROGRAMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  controller: {
    'install-crds': 'services/controller/src/crds/main.ts',
    'end-uninstall': 'services/controller/src/uninstall/end/main.ts',
    'wait-for-uninstall': 'services/controller/src/uninstall/main.ts',
    'traffic-test': 'services/controller/src/traffic-test/main.ts',
  },
  'node-agent': { 'uninstall-node': 'services/node-agent/src/uninstall/main.ts' },
};

/** Loads a native part of its own, so it comes as it is. */
const EXTERNAL = ['koffi'];

/**
 * Sources know where they are by `import.meta.dirname`, and load some packages
 * late by a `require` of their own. In a bundle, the first is the same place
 * below the image's folder, and the second is a module of the bundle.
 */
const placesAndLateImports: Plugin = {
  name: 'places and late imports',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (path.includes('node_modules')) return undefined;
      const folder = JSON.stringify(`/${relative(ROOT, dirname(path))}`);
      const contents = readFileSync(path, 'utf8')
        .replaceAll('import.meta.dirname', `(globalThis.imageFolder + ${folder})`)
        .replaceAll(/^const require = createRequire\(import\.meta\.url\);$/gm, '');
      return { contents, loader: 'ts' };
    });
    // A CommonJS module that reads files beside itself says its place by another name.
    onLoad({ filter: /node_modules\/grpc-health-check\/.*\.js$/ }, ({ path }) => {
      const folder = JSON.stringify(`/${relative(ROOT, dirname(path))}`);
      const contents = readFileSync(path, 'utf8').replaceAll('__dirname', `(globalThis.imageFolder + ${folder})`);
      return { contents, loader: 'js' };
    });
  },
};

const BANNER = [
  "import { createRequire as createRequireOfImage } from 'node:module';",
  'const require = createRequireOfImage(import.meta.url);',
  "globalThis.imageFolder = import.meta.dirname.replace(/\\/bin$/, '');",
].join('\n');

const [out, ...services] = process.argv.slice(2);
if (out === undefined || services.length === 0) {
  process.stderr.write('Use: node bundle.ts OUT SERVICE…\n');
  process.exit(2);
}
for (const service of services) {
  const files = FILES[service];
  if (files === undefined) {
    process.stderr.write(`There is no service '${service}'; name any of ${Object.keys(FILES).join(', ')}.\n`);
    process.exit(2);
  }
  for (const file of files) {
    mkdirSync(dirname(join(out, file)), { recursive: true });
    cpSync(join(ROOT, file), join(out, file), { recursive: true });
  }
}
const { metafile } = await build({
  entryPoints: Object.fromEntries(
    services.flatMap((service) => [
      [service, join(ROOT, `services/${service}/src/main.ts`)],
      ...Object.entries(PROGRAMS[service] ?? {}).map(([name, source]) => [name, join(ROOT, source)]),
    ]),
  ),
  outdir: join(out, 'bin'),
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  splitting: true,
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: 'linked',
  external: EXTERNAL,
  banner: { js: BANNER },
  plugins: [placesAndLateImports],
  metafile: true,
  logLevel: 'warning',
});
writeFileSync(join(out, 'package.json'), '{"type":"module"}\n');
const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
process.stdout.write(`${services.join(', ')}: ${(bytes / 2 ** 20).toFixed(1)} MiB of JavaScript\n`);
