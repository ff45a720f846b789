import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// `npm run` starts in the checkout's root; file names are meant from where the user is.
const { npm_lifecycle_event: script, INIT_CWD: userDirectory } = process.env;
if (script === 'margay' && userDirectory !== undefined) process.chdir(userDirectory);

// Before all other imports, so that they are read from the cache.
if (process.env.NODE_COMPILE_CACHE === undefined) {
  enableCompileCache(join(import.meta.dirname, '../../../.cache/node-compile'));
}

const { runCommandLine } = await import('./run-command-line.ts');
const { flushed } = await import('./output/print.ts');
const exitCode = await runCommandLine(process.argv.slice(2));
await flushed();
process.exit(exitCode);
