import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GenericContainer } from 'testcontainers';

const ROOT = join(import.meta.dirname, '../../..');
/** Not that of `npm run images`: who builds others meanwhile does not change what is tested. */
const TAG = 'e2e';

/** Margay's own, as `npm run images` names them. */
export const MARGAY_IMAGES = { tag: TAG, names: [`margay/control-plane:${TAG}`, `margay/node-agent:${TAG}`] } as const;

/** What the tests bring along. */
export const TOOLS_IMAGE = `margay/e2e-tools:${TAG}`;

/** Builds what is not up to date; Docker knows by the content of the sources. @throws Error: why not. */
export async function buildImages(signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, ['scripts/images.ts', TAG], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    signal,
  });
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error('Margay’s images could not be built; see above, or run: npm run images');
  await GenericContainer.fromDockerfile(join(ROOT, 'e2e/image')).build(TOOLS_IMAGE, { deleteOnExit: false });
}

/** @throws Error with the remedy. */
export async function checkPrograms(): Promise<void> {
  for (const [program, ...parameters] of [
    ['docker', 'version'],
    ['kind', 'version'],
    ['helm', 'version'],
    ['kubectl', 'version', '--client'],
  ] as const) {
    await promisify(execFile)(program, [...parameters]).catch((error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'ENOENT'
          ? `There is no ${program}: install it first.`
          : `${program} does not work: ${error.message}`;
      throw new Error(why);
    });
  }
}
