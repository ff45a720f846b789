/**
 * Writes packages/wire/src/generated from proto/, and the references in docs/.
 *
 *   node scripts/gen.ts            writes the files
 *   node scripts/gen.ts --verify   compares; exit 1 names what is stale
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crdReference } from './generate/crd-reference.ts';
import { valuesReference } from './generate/values-reference.ts';

const root = join(import.meta.dirname, '..');
const target = join(root, 'packages/wire/src/generated');

/** Pages made from other files of the repository, by path. */
const DOCUMENTS: Readonly<Record<string, (root: string) => string>> = {
  'docs/reference/crds.md': crdReference,
  'docs/reference/values.md': valuesReference,
};

/** Must say the same as LOADER_OPTIONS in packages/wire/src/definitions.ts. */
const GENERATOR_OPTIONS = [
  ['--longs', 'Number'],
  ['--enums', 'String'],
  ['--defaults'],
  ['--oneofs'],
  ['--grpcLib', '@grpc/grpc-js'],
  ['--inputTemplate', '%sInput'],
  ['--outputTemplate', '%s'],
  ['--importFileExtension', '.ts'],
].flat();

if (process.argv.includes('--verify')) verify();
else write();

function write(): void {
  rmSync(target, { recursive: true, force: true });
  generate(target);
  console.log(`Wrote ${filesBelow(target).length} files to packages/wire/src/generated.`);
  for (const [path, make] of Object.entries(DOCUMENTS)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), make(root));
    console.log(`Wrote ${path}.`);
  }
}

function verify(): void {
  const fresh = mkdtempSync(join(tmpdir(), 'margay-gen-'));
  try {
    generate(fresh);
    const names = [...new Set([...filesBelow(fresh), ...filesBelow(target)])].sort();
    const stale = names.filter((name) => readIfThere(join(fresh, name)) !== readIfThere(join(target, name)));
    const pages = Object.entries(DOCUMENTS);
    const stalePages = pages.filter(([path, make]) => make(root) !== readIfThere(join(root, path)));
    for (const name of stale) console.error(`packages/wire/src/generated/${name} is stale.`);
    for (const [path] of stalePages) console.error(`${path} is stale.`);
    if (stale.length + stalePages.length > 0) {
      console.error('Run `npm run gen` and commit the result.');
      process.exitCode = 1;
    } else {
      console.log(`The generated files are current (${names.length + pages.length}).`);
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function generate(folder: string): void {
  const protos = filesBelow(join(root, 'proto')).filter((name) => name.endsWith('.proto'));
  const generator = join(root, 'node_modules/@grpc/proto-loader/build/bin/proto-loader-gen-types.js');
  // From the root, so that the paths in the files' headers are the same everywhere.
  execFileSync(process.execPath, [generator, ...GENERATOR_OPTIONS, '-I', 'proto', '-O', folder, ...protos], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const file of protos) writeIndex(folder, file.slice(0, file.lastIndexOf('/')));
}

/** One module for a proto package, such as `feed-v1.ts` for margay/feed/v1, so that nobody lists messages by hand. */
function writeIndex(folder: string, area: string): void {
  const names = readdirSync(join(folder, area)).filter((name) => name.endsWith('.ts'));
  const lines = names.sort().map((name) => `export type * from './${area}/${name}';\n`);
  writeFileSync(
    join(folder, `${area.split('/').slice(1).join('-')}.ts`),
    `// Original folder: proto/${area}\n\n${lines.join('')}`,
  );
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
