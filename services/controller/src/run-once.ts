import { KubeError } from '@margay/kube';
import { helpText, OptionError, type OptionSpecs, type OptionValues, parseOptions } from '@margay/runtime';

export interface OnceSpec<O extends OptionSpecs> {
  /** As its file in the image. */
  readonly name: string;
  /** For `--help`: what it does, and its exit codes. */
  readonly description: string;
  readonly options: O;
}

const EXIT_BAD_OPTIONS = 2;

/**
 * The life of a program that does one thing and ends, such as a hook of the
 * chart. `run` resolves with the exit code. Wrong options, and no way to the
 * Kubernetes API, end it with 2 and one sentence.
 */
export async function runOnce<const O extends OptionSpecs>(
  { name, description, options }: OnceSpec<O>,
  run: (values: OptionValues<O>) => Promise<number>,
): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(helpText(name, description, options));
    return;
  }
  try {
    process.exitCode = await run(parseOptions(options, { argv: process.argv.slice(2), env: process.env }));
  } catch (error) {
    if (!(error instanceof OptionError || error instanceof KubeError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = EXIT_BAD_OPTIONS;
  }
}

/** Milliseconds. @throws {OptionError} */
export function readTimeout(seconds: string): number {
  if (Number(seconds) > 0) return Number(seconds) * 1_000;
  throw new OptionError(`--timeout-seconds is '${seconds}', but must be a number above 0.`);
}
