export type IpamErrorCode = 'NO_POOL' | 'EXHAUSTED' | 'BAD_REQUEST' | 'CONTENTION' | 'UNAVAILABLE';

/** Branch on `code`; `message` is for people and may change. */
export class IpamError extends Error {
  override readonly name = 'IpamError';
  readonly code: IpamErrorCode;

  constructor(code: IpamErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
