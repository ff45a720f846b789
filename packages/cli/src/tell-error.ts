import { CommanderError } from 'commander';
import { CliError, EXIT } from './error.ts';

/** `FILE:LINE: ` or `FILE:LINE:COLUMN: `. */
const PLACE = /^[^\s:]+:\d+(?::\d+)?: /;

/** A reader that has seen enough, such as `head`, is no mistake. */
export function endQuietlyWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(EXIT.DONE);
      process.exit(EXIT.FAILED);
    });
  }
}

/** Tells people what went wrong, and returns the exit code that goes with it. */
export function tell(error: unknown): number {
  if (error instanceof CommanderError) {
    // Help and version were asked for; everything else has been told by commander already.
    return error.exitCode === 0 ? EXIT.DONE : EXIT.BAD_INPUT;
  }
  const message = error instanceof Error ? error.message : String(error);
  // A line that begins with its place in a file stays as editors and scripts read it.
  for (const line of message.split('\n')) process.stderr.write(PLACE.test(line) ? `${line}\n` : `margay: ${line}\n`);
  if (process.env.MARGAY_DEBUG === '1' && error instanceof Error) {
    process.stderr.write(`${error.stack ?? ''}\n`);
    if (error.cause instanceof Error) process.stderr.write(`cause: ${error.cause.stack ?? ''}\n`);
  }
  return exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CliError) return EXIT[error.code];
  // SimError is told by its name: importing its class would load the simulator for every mistake.
  if (error instanceof Error && error.name === 'SimError' && 'code' in error && error.code === 'BAD_QUESTION') {
    return EXIT.BAD_INPUT;
  }
  return EXIT.FAILED;
}
