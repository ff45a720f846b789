export type WireErrorCode = 'BAD_MESSAGE' | 'UNKNOWN_SERVICE' | 'BAD_ADDRESS';

/** Branch on `code`; `message` names the field and is for people. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: WireErrorCode;

  constructor(code: WireErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
