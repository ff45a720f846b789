import { parseArgs } from 'node:util';
import { createThinTransport, KubeError } from '@margay/kube';
import { systemClock } from '@margay/runtime';
import { DefinitionApi } from './definition-api.ts';
import { installDefinitions } from './install-definitions.ts';
import { CrdError, readDefinitions } from './manifests.ts';

// The program install-crds of the control-plane image: a hook of the Helm chart.

const HELP = `install-crds: applies Margay's CustomResourceDefinitions.

Options:
  --dir DIR          The folder with the manifests. Required.
  --kubeconfig FILE  How to reach the Kubernetes API; not given: as the pod that this process runs in.
  --timeout SECONDS  How long to try, also while the API cannot be reached. Default: 120.
  --help             Print this text.

Exit codes: 0 done, 2 wrong options or manifests, 3 refused, or not done in time.
`;

const EXIT_BAD_OPTIONS = 2;
const EXIT_FAILED = 3;

class UsageError extends Error {}

let lastReason = 'the API did not answer';

try {
  await main();
} catch (error) {
  const { message } = error as Error;
  const isUsage = error instanceof UsageError || error instanceof KubeError;
  const isTimeout = (error as Error).name === 'TimeoutError';
  process.stderr.write(isTimeout ? `Not done in time: ${lastReason}.\n` : `${message}\n`);
  if (!isUsage && !isTimeout && !(error instanceof CrdError)) process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = isUsage ? EXIT_BAD_OPTIONS : EXIT_FAILED;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) {
    process.stdout.write(HELP);
    return;
  }
  const definitions = readManifests(options.dir);
  const signal = AbortSignal.timeout(options.timeoutMs);
  const api = new DefinitionApi({ transport: createThinTransport({ kubeconfig: options.kubeconfig }), signal });
  await installDefinitions({
    api,
    definitions,
    clock: systemClock,
    signal,
    print: (line) => process.stdout.write(`${line}\n`),
    onRetry: (reason) => {
      lastReason = reason;
    },
  });
}

function readManifests(dir: string): ReturnType<typeof readDefinitions> {
  try {
    return readDefinitions(dir);
  } catch (error) {
    if (error instanceof CrdError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

interface ProgramOptions {
  readonly dir: string;
  readonly kubeconfig: string | undefined;
  readonly timeoutMs: number;
}

/** Undefined: help was asked for. @throws {UsageError} */
function readOptions(): ProgramOptions | undefined {
  const { dir, kubeconfig, timeout, help } = parse();
  if (help === true) return undefined;
  if (dir === undefined) throw new UsageError('--dir is missing: give the folder with the manifests.');
  const seconds = Number(timeout);
  if (!(seconds > 0)) throw new UsageError(`--timeout is '${timeout}', but must be a number of seconds above 0.`);
  return { dir, kubeconfig, timeoutMs: seconds * 1000 };
}

function parse(): {
  dir?: string;
  kubeconfig?: string;
  timeout: string;
  help?: boolean;
} {
  const options = {
    dir: { type: 'string' },
    kubeconfig: { type: 'string' },
    timeout: { type: 'string', default: '120' },
    help: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ', 1)[0]}; see --help.`, { cause: error });
  }
}
