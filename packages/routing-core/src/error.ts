export type RoutingErrorCode = 'CONFLICTING_NEXT_HOP' | 'UNKNOWN_METHOD' | 'NO_NODE_ADDRESS';

/** Branch on `code`; `message` is for people and may change. */
export class RoutingError extends Error {
  override readonly name = 'RoutingError';
  readonly code: RoutingErrorCode;

  constructor(code: RoutingErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
