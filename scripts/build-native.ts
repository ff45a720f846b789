import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * Builds what is not TypeScript: the eBPF program and the CNI executables.
 *
 *     node scripts/build-native.ts            writes them into the checkout
 *     node scripts/build-native.ts --verify   builds elsewhere and compares; exit 1 names what differs
 *
 * One pinned compiler, `zig cc` from PyPI, has all the targets, so that the
 * same bytes come out on every machine. Sources are named relative to the
 * checkout and no debug information is kept: no path gets into a file.
 */
interface Artefact {
  readonly output: string;
  readonly source: string;
  readonly flags: readonly string[];
  readonly executable: boolean;
}

const SHIM_FLAGS = ['-static', '-Os', '-s', '-std=c11', '-Wall', '-Wextra', '-Werror', '-Wl,--build-id=none'];

const ARTEFACTS: readonly Artefact[] = [
  {
    output: 'packages/kernel-linux/bpf/ipip.bpf.o',
    source: 'packages/kernel-linux/bpf/ipip.bpf.c',
    // v2 is what every kernel since 4.14 runs; the default of a newer compiler may not be.
    flags: ['-target', 'bpfel-freestanding', '-mcpu=v2', '-O2', '-g0', '-Wall', '-Wextra', '-Werror', '-c'],
    executable: false,
  },
  ...(['x86_64', 'aarch64'] as const).map((cpu) => ({
    output: `packages/cni-plugin/prebuilt/linux-${cpu === 'x86_64' ? 'amd64' : 'arm64'}/margay`,
    source: 'packages/cni-plugin/shim/margay.c',
    flags: ['-target', `${cpu}-linux-musl`, ...SHIM_FLAGS],
    executable: true,
  })),
];

const root = join(import.meta.dirname, '..');
const requirements = join(import.meta.dirname, 'native-requirements.txt');

function main(): void {
  const { values } = parseArgs({ options: { verify: { type: 'boolean', default: false } } });
  const python = compiler();
  if (!values.verify) {
    for (const artefact of ARTEFACTS) {
      build(python, artefact, root);
      console.log(`built ${artefact.output}`);
    }
    return;
  }
  const elsewhere = mkdtempSync(join(tmpdir(), 'margay-native-'));
  try {
    const differing = ARTEFACTS.filter((artefact) => {
      build(python, artefact, elsewhere);
      const committed = join(root, artefact.output);
      return !existsSync(committed) || !readFileSync(committed).equals(readFileSync(join(elsewhere, artefact.output)));
    });
    for (const { output, source } of differing) {
      console.error(`${output} is not what ${source} compiles to: run 'node scripts/build-native.ts'`);
    }
    if (differing.length > 0) process.exitCode = 1;
    else console.log(`${ARTEFACTS.length} native files are what their sources compile to`);
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
}

function build(python: string, { output, source, flags, executable }: Artefact, into: string): void {
  const target = join(into, output);
  mkdirSync(dirname(target), { recursive: true });
  const args = ['-m', 'ziglang', 'cc', ...flags, `-ffile-prefix-map=${root}=.`, '-o', target, source];
  if (flags.includes('bpfel-freestanding')) args.push(...linuxHeaders(python));
  const cache = join(root, '.cache/zig');
  const env = { ...process.env, ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache };
  execFileSync(python, args, { cwd: root, env, stdio: 'inherit' });
  chmodSync(target, executable ? 0o755 : 0o644);
}

/** Directories of the Linux headers that the compiler brings; the target `bpfel` has none of its own. */
function linuxHeaders(python: string): string[] {
  const script = 'import ziglang; print(ziglang.__path__[0])';
  const home = execFileSync(python, ['-c', script], { encoding: 'utf8' }).trim();
  return ['any-linux-any', 'x86-linux-any'].map((name) => `-isystem${join(home, 'lib/libc/include', name)}`);
}

/** The Python that has the pinned compiler, installed below .cache/ when it is not there yet. */
function compiler(): string {
  const pin = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const home = join(root, '.cache/native');
  const python = join(home, 'bin/python');
  const mark = join(home, 'requirements.sha256');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === pin) return python;
  if (spawnSync('python3', ['-c', 'import ensurepip']).status !== 0) installPython();
  rmSync(home, { recursive: true, force: true });
  execFileSync('python3', ['-m', 'venv', home], { stdio: 'inherit' });
  const install = ['-m', 'pip', 'install', '--quiet', '--require-hashes', '--only-binary=:all:', '-r', requirements];
  execFileSync(python, install, { stdio: 'inherit' });
  writeFileSync(mark, pin);
  return python;
}

function installPython(): void {
  const packages = ['python3', 'python3-venv'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]): boolean => spawnSync('apt-get', ['-q', ...args], { env }).status === 0;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && (apt('install', '-y', ...packages) || (apt('update') && apt('install', '-y', ...packages)))) return;
  console.error(
    `The native files need ${packages.join(' and ')}: run 'apt-get install ${packages.join(' ')}' as root.`,
  );
  process.exit(1);
}

main();
