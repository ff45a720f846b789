export type FeedErrorCode = 'OUT_OF_STEP';

/** Branch on `code`. `OUT_OF_STEP`: a batch does not continue the stream; subscribe again for a snapshot. */
export class FeedError extends Error {
  override readonly name = 'FeedError';
  readonly code: FeedErrorCode;

  constructor(code: FeedErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
