import { EXIT } from './error.ts';
import { createProgram } from './program.ts';
import { endQuietlyWithReader, tell } from './tell-error.ts';

/**
 * Runs one command to its end and returns its exit code. Never throws: what
 * went wrong is told on standard error, as sentences without a stack trace
 * (`MARGAY_DEBUG=1` adds it).
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  endQuietlyWithReader();
  let exitCode: number = EXIT.DONE;
  const program = createProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    return tell(error);
  }
}
