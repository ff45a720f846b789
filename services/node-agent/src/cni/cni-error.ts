/**
 * Codes of the CNI specification 1.1.0, "Error"; 8 and 999 are the reference
 * library's. 100 and up are the plugin's own.
 */
export const CNI_CODE = {
  incompatibleVersion: 1,
  invalidEnvironment: 4,
  decodingFailure: 6,
  invalidNetworkConfig: 7,
  invalidNamespace: 8,
  tryAgainLater: 11,
  notAvailable: 50,
  checkFailed: 100,
  internal: 999,
} as const;

export type CniCode = (typeof CNI_CODE)[keyof typeof CNI_CODE];

/** Branch on `code`. Becomes the error JSON that the runtime reads. */
export class CniError extends Error {
  override readonly name = 'CniError';
  readonly code: CniCode;
  readonly details: string | undefined;

  constructor(code: CniCode, message: string, options: ErrorOptions & { readonly details?: string } = {}) {
    super(message, options);
    this.code = code;
    this.details = options.details;
  }
}

/** The plain reason in an error of any kind. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
