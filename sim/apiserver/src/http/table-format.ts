import type { IncomingMessage } from 'node:http';
import { ApiError } from '../error.ts';
import type { TableVersion } from '../table/table.ts';

type Form = TableVersion | 'objects';

/** The version of Table that a request prefers to the objects themselves, if it does. */
export function acceptedTable(request: IncomingMessage): TableVersion | undefined {
  const form = acceptedForm(request);
  return form === 'objects' ? undefined : form;
}

/** @throws {ApiError} 406: the request takes no form that there is */
export function checkAcceptable(request: IncomingMessage): void {
  if (acceptedForm(request) !== undefined) return;
  throw new ApiError(
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/json;as=Table;v=v1;g=meta.k8s.io',
  );
}

/** The first form that an Accept header names and that there is. */
function acceptedForm(request: IncomingMessage): Form | undefined {
  for (const range of (request.headers.accept ?? '*/*').split(',')) {
    const [type, ...parameters] = range.split(';').map((part) => part.trim());
    if (type !== 'application/json' && type !== 'application/*' && type !== '*/*' && type !== '') continue;
    const values = new Map(parameters.map((parameter) => parameter.split('=', 2) as [string, string]));
    const as = values.get('as');
    if (as === undefined) return 'objects';
    const version = values.get('v');
    const isTable = as === 'Table' && values.get('g') === 'meta.k8s.io';
    if (isTable && (version === 'v1' || version === 'v1beta1')) return version;
  }
  return undefined;
}
