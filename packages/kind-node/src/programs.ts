import { explainFailure } from './explain-failure.ts';
import { KindError, type KindErrorCode } from './kind-error.ts';
import { type Ended, type RunOptions, runProgram } from './run-program.ts';

export type ProgramName = 'kind' | 'docker';

export type CallOptions = Omit<RunOptions, 'env'>;

export interface CheckedOptions extends CallOptions {
  /** For output that says nothing known. */
  readonly code?: KindErrorCode;
  readonly remedy?: string;
}

/** Milliseconds; kind and Docker answer most questions in well under a second. */
const DEFAULT_TIMEOUT_MS = 120_000;

/** kind and Docker, found on the PATH of `env`. */
export class Programs {
  readonly env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv = process.env) {
    // kind could choose Podman by itself; everything else here speaks to Docker.
    this.env = { ...env, KIND_EXPERIMENTAL_PROVIDER: 'docker' };
  }

  /**
   * Runs to the end, whatever the exit code.
   * @throws {KindError} `KIND_MISSING`, `DOCKER_MISSING`, `TIMEOUT`, `ABORTED`, `COMMAND_FAILED` (it printed too much).
   */
  async call(program: ProgramName, argv: readonly string[], options: CallOptions = {}): Promise<Ended> {
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const ended = await runProgram(program, argv, { ...options, timeoutMs, env: this.env });
    const doing = describe(program, argv);
    const output = ended.stderr || ended.stdout;
    switch (ended.how) {
      case 'exited':
        return ended;
      case 'missing':
        throw program === 'kind'
          ? new KindError('KIND_MISSING', 'kind is not on the PATH. Install it: https://kind.sigs.k8s.io')
          : new KindError('DOCKER_MISSING', 'docker is not on the PATH. Install Docker, or put it on the PATH.');
      case 'timeout': {
        const message = `${doing} did not end in ${timeoutMs / 1000} s. Give it more time, or see whether Docker hangs.`;
        throw new KindError('TIMEOUT', message, { output });
      }
      case 'aborted': {
        const message = `${doing} was ended, as its caller asked. Nothing is to be done.`;
        throw new KindError('ABORTED', message, { output, cause: options.signal?.reason });
      }
      case 'flooded':
        throw new KindError('COMMAND_FAILED', `${doing} printed too much. Let it write to a file.`, { output });
    }
  }

  /**
   * Runs to the end and answers its standard output.
   * @throws {KindError} also when the exit code is not 0, by what was printed.
   */
  async check(program: ProgramName, argv: readonly string[], options: CheckedOptions = {}): Promise<string> {
    const { code = 'COMMAND_FAILED', remedy = 'Run it by hand to see more.', ...rest } = options;
    const { exitCode, stdout, stderr } = await this.call(program, argv, rest);
    if (exitCode === 0) return stdout;
    throw explainFailure({ doing: describe(program, argv), output: stderr || stdout, code, remedy });
  }
}

/** The words up to the first option: `kind create cluster`. */
function describe(program: ProgramName, argv: readonly string[]): string {
  const firstOption = argv.findIndex((word) => word.startsWith('-'));
  const words = argv.slice(0, firstOption === -1 ? 3 : Math.min(firstOption, 3));
  return [program, ...words].join(' ');
}
