/**
 * `BAD_QUESTION`: what was asked for cannot be (bad topology, unknown pod,
 * wrong option). `NOT_RUNNING`: there is no such simulation. `FAILED`: it
 * should have worked and did not.
 */
export type SimErrorCode = 'BAD_QUESTION' | 'NOT_RUNNING' | 'FAILED';

/** Branch on `code`; `message` is for people: whole sentences, one problem a line. */
export class SimError extends Error {
  override readonly name = 'SimError';
  readonly code: SimErrorCode;

  constructor(code: SimErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Exit code of a command that ended with this error. */
export const EXIT_CODE = { BAD_QUESTION: 2, NOT_RUNNING: 3, FAILED: 3 } as const satisfies Record<SimErrorCode, number>;
