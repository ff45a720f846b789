export type IpErrorCode = 'BAD_ADDRESS' | 'BAD_CIDR' | 'HOST_BITS_SET' | 'OUT_OF_RANGE' | 'FAMILY_MISMATCH';

/** Branch on `code`; `message` is for people and may change. */
export class IpError extends Error {
  override readonly name = 'IpError';
  readonly code: IpErrorCode;

  constructor(code: IpErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
