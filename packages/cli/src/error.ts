/**
 * `NO`: the answer is no (not found, not ready). `BAD_INPUT`: the question is
 * wrong. `FAILED`: it should have worked and did not.
 */
export type CliErrorCode = 'NO' | 'BAD_INPUT' | 'FAILED';

/** Branch on `code`; `message` is for people: whole sentences, one problem a line. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;

  constructor(code: CliErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Exit codes, everywhere in `margay`. */
export const EXIT = { DONE: 0, NO: 1, BAD_INPUT: 2, FAILED: 3, INTERRUPTED: 130 } as const;

/** Tells the exit code of a command that ended without an error. */
export type SetExitCode = (code: number) => void;

/** Printed at the end of each command's help. */
export const EXIT_CODES_HELP = `
Exit codes:
  0  done, or the answer is yes
  1  the answer is no
  2  the question is wrong: bad input, told with its place
  3  Margay failed, or there is no such simulation`;
