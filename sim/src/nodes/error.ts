export type KubeletErrorCode =
  | 'BAD_CONFLIST'
  | 'NO_CONFLIST'
  | 'PLUGIN_FAILED'
  | 'PLUGIN_MISSING'
  | 'SYSTEM_CALL'
  | 'UNSUPPORTED'
  | 'BAD_ADDRESS'
  | 'UNKNOWN_POD';

/** Branch on `code`; `message` is for people and may change. */
export class KubeletError extends Error {
  override readonly name = 'KubeletError';
  readonly code: KubeletErrorCode;

  constructor(code: KubeletErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
