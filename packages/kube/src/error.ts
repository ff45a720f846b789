export type KubeErrorCode = 'BAD_KUBECONFIG';

/** Branch on `code`; `message` names the file and the field. */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly code: KubeErrorCode;

  constructor(code: KubeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
