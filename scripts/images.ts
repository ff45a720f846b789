import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { run } from './testing/run-tier.ts';

// `npm run images [TAG]`: builds both container images with Docker, prints
// their sizes, and fails when one is larger than it may be.

const ROOT = join(import.meta.dirname, '..');

/** MB (10⁶ bytes) of each image, unpacked: what a node has to hold. */
const LIMITS_MB = { 'control-plane': 320, 'node-agent': 400 } as const;

const HELP = `Use: npm run images -- [TAG]

Builds margay/control-plane:TAG and margay/node-agent:TAG with Docker, and
prints their sizes. TAG is dev by default. Ends with 1 when an image is not
built, or is larger than it may be.
`;

const tag = process.argv[2] ?? 'dev';
if (tag === '--help' || tag === '-h') {
  process.stdout.write(HELP);
  process.exit();
}
if (!/^[\w][\w.-]{0,127}$/.test(tag)) {
  process.stderr.write(`'${tag}' is not a tag: use letters, digits, dots and dashes, such as dev.\n`);
  process.exit(2);
}

const rows: string[] = [];
for (const [target, limitMb] of Object.entries(LIMITS_MB)) {
  const image = `margay/${target}:${tag}`;
  process.stderr.write(`Building ${image} …\n`);
  const startedMs = performance.now();
  const code = await run(
    ['docker', 'build', '--target', target, '--tag', image, '--file', 'deploy/images/Dockerfile', ROOT],
    {},
    'ignore',
  ).catch(() => 127);
  if (code !== 0) {
    process.stderr.write(
      code === 127
        ? 'There is no docker: install Docker first.\n'
        : `${image} was not built; run this to see why: docker build --target ${target} --file deploy/images/Dockerfile .\n`,
    );
    process.exit(1);
  }
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0);
  const size = execFileSync('docker', ['image', 'inspect', '--format', '{{.Size}}', image], { encoding: 'utf8' });
  const sizeMb = Number(size) / 1e6;
  if (sizeMb > limitMb) process.exitCode = 1;
  rows.push(
    `| ${image} | ${sizeMb.toFixed(0)} MB | ≤ ${limitMb} MB ${sizeMb > limitMb ? 'missed' : 'reached'} | ${seconds} s |`,
  );
}
process.stdout.write(['| image | unpacked | target | built in |', '| --- | --- | --- | --- |', ...rows, ''].join('\n'));
