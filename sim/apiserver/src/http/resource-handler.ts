import { collectionVerbs } from '../discovery/verbs.ts';
import { ApiError, badRequest } from '../error.ts';
import { compilePatch } from '../patch/apply-patch.ts';
import { bindPod } from '../registry/bind.ts';
import type { FieldValidation, Target, WriteOptions } from '../registry/context.ts';
import { createObject } from '../registry/create.ts';
import { type DeleteOptions, deleteObject } from '../registry/delete.ts';
import { invalidListOption, type ListOptions, listObjects } from '../registry/list.ts';
import type { ServedResource } from '../registry/served-resource.ts';
import { getObject, type UpdateOptions, updateObject } from '../registry/update.ts';
import { addWarning, type Exchange, flag, respondJson, type ServerContext } from './exchange.ts';
import { presentList, presentObject } from './present.ts';
import { mediaTypeOf, parseBody, readBody } from './read-body.ts';
import type { ResourcePath } from './request-path.ts';
import { serveWatch } from './watch-handler.ts';

/** Answers a request for objects of one kind. @throws {ApiError} */
export async function handleResource(
  exchange: Exchange,
  context: ServerContext,
  resource: ServedResource,
  path: ResourcePath,
): Promise<void> {
  if (resource.namespaced && path.namespace === undefined && path.name !== undefined) throw unknownPath();
  if (!resource.namespaced && path.namespace !== undefined) throw unknownPath();
  if (path.subresource !== undefined && !resource.subresources.includes(path.subresource)) throw unknownPath();
  if (path.name === undefined) return handleCollection(exchange, context, resource, path.namespace);
  return handleObject(exchange, context, { resource, namespace: path.namespace, name: path.name }, path.subresource);
}

async function handleCollection(
  exchange: Exchange,
  context: ServerContext,
  resource: ServedResource,
  namespace: string | undefined,
): Promise<void> {
  const { query } = exchange;
  switch (exchange.request.method) {
    case 'GET': {
      if (flag(query, 'watch')) return serveWatch(exchange, context, resource, selectionOf(query, namespace));
      if (query.has('sendInitialEvents')) {
        throw invalidListOption('sendInitialEvents', 'Forbidden: sendInitialEvents is forbidden for list');
      }
      const page = listObjects(context, resource, listOptionsOf(query, namespace));
      return respondJson(exchange, 200, presentList(exchange, context, resource, page));
    }
    case 'POST': {
      if (resource.namespaced && namespace === undefined) throw methodNotAllowed();
      const body = await readObject(exchange);
      const entry = createObject(context, resource, namespace, body, writeOptionsOf(exchange));
      return respondJson(exchange, 201, presentObject(exchange, context, resource, entry));
    }
    case 'DELETE': {
      if ((resource.namespaced && namespace === undefined) || !collectionVerbs(resource).includes('deletecollection')) {
        throw methodNotAllowed();
      }
      const options = await deleteOptionsOf(exchange);
      const page = listObjects(context, resource, listOptionsOf(query, namespace));
      for (const { object } of page.entries) {
        deleteObject(context, { resource, namespace, name: object.metadata.name }, options);
      }
      return respondJson(exchange, 200, presentList(exchange, context, resource, page));
    }
    default:
      throw methodNotAllowed();
  }
}

async function handleObject(
  exchange: Exchange,
  context: ServerContext,
  target: Target,
  subresource: string | undefined,
): Promise<void> {
  const { resource, namespace, name } = target;
  const updates: Pick<UpdateOptions, 'subresource'> =
    subresource === 'status' || subresource === 'finalize' ? { subresource } : {};
  const method = exchange.request.method ?? '';
  if (subresource === 'binding' ? method !== 'POST' : method === 'POST') throw methodNotAllowed();
  if (subresource === 'finalize' && method !== 'PUT') throw methodNotAllowed();
  switch (method) {
    case 'GET': {
      if (flag(exchange.query, 'watch')) {
        const selection = selectionOf(exchange.query, namespace);
        return serveWatch(exchange, context, resource, { ...selection, fieldSelector: `metadata.name=${name}` });
      }
      return respondJson(exchange, 200, presentObject(exchange, context, resource, getObject(context, target)));
    }
    case 'POST': {
      bindPod(context, target, await readObject(exchange), writeOptionsOf(exchange));
      return respondJson(exchange, 201, success({}));
    }
    case 'PUT': {
      const body = await readObject(exchange);
      const entry = updateObject(context, target, body, { ...writeOptionsOf(exchange), ...updates, patch: false });
      return respondJson(exchange, 200, presentObject(exchange, context, resource, entry));
    }
    case 'PATCH': {
      const mediaType = mediaTypeOf(exchange.request);
      const bytes = await readBody(exchange.request);
      const body = mediaType.startsWith('application/apply-patch') ? undefined : await parseBody(bytes, mediaType);
      const apply = await compilePatch(mediaType, body, resource);
      const patched = apply(getObject(context, target).object);
      const entry = updateObject(context, target, patched, { ...writeOptionsOf(exchange), ...updates, patch: true });
      return respondJson(exchange, 200, presentObject(exchange, context, resource, entry));
    }
    case 'DELETE': {
      if (subresource !== undefined) throw methodNotAllowed();
      const { entry, removed } = deleteObject(context, target, await deleteOptionsOf(exchange));
      if (!removed) return respondJson(exchange, 200, presentObject(exchange, context, resource, entry));
      const group = resource.group === '' ? {} : { group: resource.group };
      return respondJson(
        exchange,
        200,
        success({ name, ...group, kind: resource.plural, uid: entry.object.metadata.uid }),
      );
    }
    default:
      throw methodNotAllowed();
  }
}

function success(details: object): object {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

async function readObject({ request }: Exchange): Promise<unknown> {
  return parseBody(await readBody(request), mediaTypeOf(request));
}

function selectionOf(
  query: URLSearchParams,
  namespace: string | undefined,
): Pick<ListOptions, 'namespace' | 'labelSelector' | 'fieldSelector'> {
  return {
    namespace,
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
  };
}

function listOptionsOf(query: URLSearchParams, namespace: string | undefined): ListOptions {
  return {
    ...selectionOf(query, namespace),
    limit: wholeNumber(query, 'limit') ?? 0,
    continueToken: query.get('continue') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
  };
}

function writeOptionsOf(exchange: Exchange): WriteOptions {
  const fieldValidation = exchange.query.get('fieldValidation') ?? 'Warn';
  if (!isFieldValidation(fieldValidation)) {
    throw badRequest(
      `fieldValidation: Unsupported value: ${JSON.stringify(fieldValidation)}: use Strict, Warn or Ignore`,
    );
  }
  return { dryRun: dryRunOf(exchange.query), fieldValidation, warn: (message) => addWarning(exchange, message) };
}

function isFieldValidation(text: string): text is FieldValidation {
  return text === 'Strict' || text === 'Warn' || text === 'Ignore';
}

function dryRunOf(query: URLSearchParams): boolean {
  const values = query.getAll('dryRun').filter((value) => value !== '');
  if (values.some((value) => value !== 'All'))
    throw badRequest(`dryRun: Unsupported value: ${JSON.stringify(values[0])}: use All`);
  return values.length > 0;
}

/** Options of a delete come in the body, in the query, or in both: the query counts. */
async function deleteOptionsOf(exchange: Exchange): Promise<DeleteOptions> {
  const bytes = await readBody(exchange.request);
  const body = bytes.length === 0 ? {} : await parseBody(bytes, mediaTypeOf(exchange.request));
  if (typeof body !== 'object' || body === null) throw badRequest('the body of a delete must be DeleteOptions');
  const sent = body as {
    gracePeriodSeconds?: number | null;
    preconditions?: { uid?: string; resourceVersion?: string } | null;
    dryRun?: string[] | null;
  };
  const grace = wholeNumber(exchange.query, 'gracePeriodSeconds') ?? sent.gracePeriodSeconds ?? undefined;
  return {
    dryRun: dryRunOf(exchange.query) || (sent.dryRun ?? []).includes('All'),
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(sent.preconditions ? { preconditions: sent.preconditions } : {}),
  };
}

/** @throws {ApiError} 400 */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^\d{1,15}$/.test(text))
    throw badRequest(`${name}: Invalid value: ${JSON.stringify(text)}: must be a whole number`);
  return Number(text);
}

export function unknownPath(): ApiError {
  return new ApiError('NotFound', 'the server could not find the requested resource');
}

function methodNotAllowed(): ApiError {
  return new ApiError('MethodNotAllowed', 'the server does not allow this method on the requested resource');
}
