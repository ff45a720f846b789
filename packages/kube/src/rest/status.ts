import { StoreError, type StoreErrorCode } from '@margay/ports';

/** The API's answer when something is not as asked (meta/v1 Status). */
export interface Status {
  readonly kind: 'Status';
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
}

export function isStatus(value: unknown): value is Status {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Status';
}

/** The error of an answer with `httpStatus`, whose body may or may not be a Status. */
export function errorOf(httpStatus: number, body: string, request: string): StoreError {
  const status = readStatus(body);
  if (status !== undefined) return errorOfStatus({ ...status, code: status.code ?? httpStatus }, request);
  // A 404 that is no Status comes from the path: this kind is not served, at least not yet.
  if (httpStatus === 404) return new StoreError('UNAVAILABLE', `${request}: the API server does not serve this path`);
  return new StoreError(codeOf(httpStatus, undefined), `${request}: the API server answered ${httpStatus}`);
}

export function errorOfStatus(status: Status, request: string): StoreError {
  const code = codeOf(status.code ?? 500, status.reason);
  return new StoreError(code, `${request}: ${status.message ?? status.reason ?? `status ${status.code ?? 500}`}`);
}

/** HTTP codes and reasons as the Kubernetes API conventions list them. */
function codeOf(httpStatus: number, reason: string | undefined): StoreErrorCode {
  switch (httpStatus) {
    case 404:
      return 'NOT_FOUND';
    case 409:
      return reason === 'AlreadyExists' ? 'ALREADY_EXISTS' : 'CONFLICT';
    case 410:
      return 'GONE';
    case 401:
    case 403:
      return 'FORBIDDEN';
    case 400:
    case 405:
    case 406:
    case 413:
    case 415:
    case 422:
      return 'INVALID';
    default:
      return 'UNAVAILABLE';
  }
}

function readStatus(body: string): Status | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isStatus(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
