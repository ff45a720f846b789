export type SelectorErrorCode =
  | 'SYNTAX'
  | 'BAD_KEY'
  | 'BAD_VALUE'
  | 'BAD_VALUE_COUNT'
  | 'UNKNOWN_OPERATOR'
  | 'MALFORMED';

/** Branch on `code`; `message` is for people and may change. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError';
  readonly code: SelectorErrorCode;
  /** Where in the object the mistake is, like `spec.podSelector.matchExpressions[0].operator`; empty for text. */
  readonly path: string;

  constructor(code: SelectorErrorCode, path: string, message: string) {
    super(message);
    this.code = code;
    this.path = path;
  }
}
