/** Reasons of a failed request, as Kubernetes' meta/v1 StatusReason names them. */
export type ApiErrorReason =
  | 'AlreadyExists'
  | 'BadRequest'
  | 'Conflict'
  | 'Expired'
  | 'Forbidden'
  | 'InternalError'
  | 'Invalid'
  | 'MethodNotAllowed'
  | 'NotFound'
  | 'RequestEntityTooLarge'
  | 'Timeout'
  | 'NotAcceptable'
  | 'Unauthorized'
  | 'Unknown'
  | 'UnsupportedMediaType';

const HTTP_STATUS = {
  AlreadyExists: 409,
  BadRequest: 400,
  Conflict: 409,
  Expired: 410,
  Forbidden: 403,
  InternalError: 500,
  Invalid: 422,
  MethodNotAllowed: 405,
  NotFound: 404,
  RequestEntityTooLarge: 413,
  Timeout: 504,
  NotAcceptable: 406,
  Unauthorized: 401,
  Unknown: 500,
  UnsupportedMediaType: 415,
} as const satisfies Record<ApiErrorReason, number>;

/** One mistake in one field. `type` is Kubernetes' CauseType. */
export interface FieldError {
  readonly field: string;
  readonly type:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueTypeInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueForbidden'
    | 'FieldValueDuplicate'
    | 'FieldValueNotFound'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany';
  readonly message: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: { reason: string; message: string; field?: string }[];
  retryAfterSeconds?: number;
}

/** What a request is answered with when it fails: becomes a meta/v1 Status. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly reason: ApiErrorReason;
  readonly details: StatusDetails | undefined;

  constructor(reason: ApiErrorReason, message: string, details?: StatusDetails, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
    this.details = details;
  }

  get httpStatus(): number {
    return HTTP_STATUS[this.reason];
  }

  toStatus(): object {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      // An error of no known reason has none on the wire.
      ...(this.reason === 'Unknown' ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.httpStatus,
    };
  }
}

interface Named {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

function qualified({ group, plural }: Named): string {
  return group === '' ? plural : `${plural}.${group}`;
}

function detailsOf({ group, plural }: Named, name: string): StatusDetails {
  return { name, ...(group === '' ? {} : { group }), kind: plural };
}

export function notFound(resource: Named, name: string): ApiError {
  return new ApiError('NotFound', `${qualified(resource)} "${name}" not found`, detailsOf(resource, name));
}

export function alreadyExists(resource: Named, name: string): ApiError {
  return new ApiError('AlreadyExists', `${qualified(resource)} "${name}" already exists`, detailsOf(resource, name));
}

export function conflict(resource: Named, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`;
  return new ApiError('Conflict', message, detailsOf(resource, name));
}

export function forbidden(resource: Named, name: string, why: string): ApiError {
  return new ApiError('Forbidden', `${qualified(resource)} "${name}" is forbidden: ${why}`, detailsOf(resource, name));
}

export function invalid(resource: Named, name: string, errors: readonly FieldError[]): ApiError {
  const texts = errors.map(({ field, message }) => `${field}: ${message}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return new ApiError(
    'Invalid',
    `${resource.kind}${resource.group === '' ? '' : `.${resource.group}`} "${name}" is invalid: ${list}`,
    {
      name,
      ...(resource.group === '' ? {} : { group: resource.group }),
      kind: resource.kind,
      causes: errors.map(({ field, type, message }) => ({ reason: type, message, field })),
    },
  );
}

/** 405. kubectl expects that there are details, even if they say nothing. */
export function methodNotAllowed(): ApiError {
  return new ApiError('MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}

export function badRequest(message: string): ApiError {
  return new ApiError('BadRequest', message);
}
