export type KindErrorCode =
  | 'KIND_MISSING'
  | 'DOCKER_MISSING'
  | 'DOCKER_UNREACHABLE'
  | 'BAD_NAME'
  | 'BAD_CONFIG'
  | 'NAME_TAKEN'
  | 'PORT_TAKEN'
  | 'IMAGE_MISSING'
  | 'NETWORK_MISSING'
  | 'CLUSTER_MISSING'
  | 'CREATE_FAILED'
  | 'DELETE_FAILED'
  | 'NODE_NOT_READY'
  | 'COMMAND_FAILED'
  | 'TIMEOUT'
  | 'ABORTED';

/** How much of a program's output an error carries, in characters. */
export const MAX_ERROR_OUTPUT_CHARACTERS = 8192;

/** Of these, how many come from the beginning, where kind names the cause. */
const HEAD_CHARACTERS = 2048;

export interface KindErrorDetails {
  /** What kind or Docker printed; cut in the middle when it is long. */
  readonly output?: string;
  readonly cause?: unknown;
}

/** Branch on `code`. `message` is for people, ends with what to do about it, and may change. */
export class KindError extends Error {
  override readonly name = 'KindError';
  readonly code: KindErrorCode;
  /** What kind or Docker printed, at most `MAX_ERROR_OUTPUT_CHARACTERS`; empty when no program ran. */
  readonly output: string;

  constructor(code: KindErrorCode, message: string, { output = '', cause }: KindErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.output = boundOutput(output);
  }
}

function boundOutput(output: string): string {
  if (output.length <= MAX_ERROR_OUTPUT_CHARACTERS) return output;
  const mark = '\n[…]\n';
  const tail = MAX_ERROR_OUTPUT_CHARACTERS - HEAD_CHARACTERS - mark.length;
  return `${output.slice(0, HEAD_CHARACTERS)}${mark}${output.slice(-tail)}`;
}
