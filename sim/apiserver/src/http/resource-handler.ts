import { collectionVerbs, isPosted } from '../discovery/verbs.ts';
import { badRequest, invalid, methodNotAllowed, notFound } from '../error.ts';
import { compilePatch, isPatchType, unknownPatchType } from '../patch/apply-patch.ts';
import { answerReview } from '../registry/answer-review.ts';
import { bindPod } from '../registry/bind.ts';
import type { Target, WriteOptions } from '../registry/context.ts';
import { createObject } from '../registry/create.ts';
import { type DeleteOptions, deleteObject } from '../registry/delete.ts';
import { readDeleteOptions } from '../registry/delete-options.ts';
import { evictPod } from '../registry/evict.ts';
import { invalidListOption, type ListOptions, listObjects } from '../registry/list.ts';
import type { ServedResource } from '../registry/served-resource.ts';
import { getObject, type UpdateOptions, updateObject } from '../registry/update.ts';
import { awaitVersion } from './await-version.ts';
import { addWarning, type Exchange, flag, respondJson, type ServerContext } from './exchange.ts';
import { presentList, presentObject } from './present.ts';
import { mediaTypeOf, parseBody, readBody } from './read-body.ts';
import type { ResourcePath } from './request-path.ts';
import { checkAcceptable } from './table-format.ts';
import { unknownPath, unservedSubresource } from './unserved.ts';
import { serveWatch } from './watch-handler.ts';
import { dryRunOf, wholeNumber, writeOptionsOf } from './write-options.ts';

/** Answers a request for objects of one kind. @throws {ApiError} */
export async function handleResource(
  exchange: Exchange,
  context: ServerContext,
  resource: ServedResource,
  path: ResourcePath,
): Promise<void> {
  checkAcceptable(exchange.request);
  if (resource.namespaced && path.namespace === undefined && path.name !== undefined) throw unknownPath();
  if (!resource.namespaced && path.namespace !== undefined) throw unknownPath();
  const { name = '', subresource } = path;
  if (subresource !== undefined && !resource.subresources.includes(subresource)) {
    // Kubernetes tells it of custom kinds as if the object were not there.
    throw resource.custom ? notFound(resource, name) : unservedSubresource(resource, subresource);
  }
  if (resource.warning !== undefined) addWarning(exchange, resource.warning);
  const { answer } = resource;
  if (answer !== undefined) {
    if (path.name !== undefined) throw unknownPath();
    if (exchange.request.method !== 'POST') throw methodNotAllowed();
    const { body, options } = await readWrite(exchange);
    return respondJson(exchange, 201, answerReview({ ...resource, answer }, body, { user: exchange.user, options }));
  }
  if (path.namespace === '') return handleNamespaceless(exchange, context, { resource, name: path.name });
  if (path.name === undefined) return handleCollection(exchange, context, resource, path.namespace);
  return handleObject(exchange, context, { resource, namespace: path.namespace, name: path.name }, path.subresource);
}

/** A path with nothing where the namespace should be: a list shows all of them, all else needs one. */
async function handleNamespaceless(
  exchange: Exchange,
  context: ServerContext,
  { resource, name }: { readonly resource: ServedResource; readonly name: string | undefined },
): Promise<void> {
  if (name !== undefined) throw badRequest('Namespace parameter required.');
  if (exchange.request.method !== 'POST') return handleCollection(exchange, context, resource, undefined);
  const { body } = await readWrite(exchange);
  const said = (body as { metadata?: { name?: unknown } } | null)?.metadata?.name;
  const error = { field: 'metadata.namespace', type: 'FieldValueRequired', message: 'Required value' } as const;
  throw invalid(resource, typeof said === 'string' ? said : '', [error]);
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
      const options = listOptionsOf(query, namespace);
      if (flag(query, 'watch')) return serveWatch(exchange, context, resource, options);
      if (query.has('sendInitialEvents')) {
        throw invalidListOption('sendInitialEvents', 'Forbidden: sendInitialEvents is forbidden for list');
      }
      await awaitVersion(context, query.get('continue') ? '' : (query.get('resourceVersion') ?? ''));
      const page = listObjects(context, resource, options);
      return respondJson(exchange, 200, presentList(exchange, context, resource, page));
    }
    case 'POST': {
      if (resource.namespaced && namespace === undefined) throw methodNotAllowed();
      const { body, options } = await readWrite(exchange);
      const entry = createObject(context, resource, namespace, body, options);
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
  if (isPosted(subresource) !== (method === 'POST')) throw methodNotAllowed();
  if (subresource === 'finalize' && method !== 'PUT') throw methodNotAllowed();
  switch (method) {
    case 'GET': {
      if (flag(exchange.query, 'watch')) {
        const selection = selectionOf(exchange.query, namespace);
        return serveWatch(exchange, context, resource, { ...selection, fieldSelector: `metadata.name=${name}` });
      }
      await awaitVersion(context, exchange.query.get('resourceVersion') ?? '');
      return respondJson(exchange, 200, presentObject(exchange, context, resource, getObject(context, target)));
    }
    case 'POST': {
      const { body, options } = await readWrite(exchange);
      if (subresource === 'eviction') evictPod(context, target, body, options);
      else bindPod(context, target, body, options);
      return respondJson(exchange, 201, { ...PLACED, code: 201 });
    }
    case 'PUT': {
      const { body, options } = await readWrite(exchange);
      const entry = updateObject(context, target, body, { ...options, ...updates, patch: false });
      return respondJson(exchange, 200, presentObject(exchange, context, resource, entry));
    }
    case 'PATCH': {
      const mediaType = mediaTypeOf(exchange.request);
      if (!isPatchType(mediaType, resource)) throw unknownPatchType(mediaType, resource);
      const { body, options } = await readWrite(exchange);
      const apply = await compilePatch(mediaType, body, resource);
      const patched = apply(getObject(context, target).object);
      const entry = updateObject(context, target, patched, { ...options, ...updates, patch: true });
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

const PLACED = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' };

function success(details: object): object {
  return { ...PLACED, details };
}

/** The body of a write, and how the client wants it treated. */
async function readWrite(exchange: Exchange): Promise<{ readonly body: unknown; readonly options: WriteOptions }> {
  const { request, query } = exchange;
  const { dryRun, fieldValidation } = writeOptionsOf(query, request.method ?? '');
  const findDuplicates = fieldValidation !== 'Ignore';
  const { value, duplicates } = await parseBody(await readBody(request), mediaTypeOf(request), {
    findDuplicates,
    patch: request.method === 'PATCH',
  });
  const warn = (message: string): void => addWarning(exchange, message);
  return { body: value, options: { dryRun, fieldValidation, duplicates, warn } };
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
  // A list is done before any time is over; but it must be a time.
  wholeNumber(query, 'timeoutSeconds');
  return {
    ...selectionOf(query, namespace),
    limit: Math.max(wholeNumber(query, 'limit') ?? 0, 0),
    continueToken: query.get('continue') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
  };
}

/** Options of a delete come in the body; in the query where there is no body. */
async function deleteOptionsOf(exchange: Exchange): Promise<DeleteOptions> {
  const bytes = await readBody(exchange.request);
  const options = { findDuplicates: false, patch: false };
  const body = bytes.length === 0 ? {} : (await parseBody(bytes, mediaTypeOf(exchange.request), options)).value;
  const sent = readDeleteOptions(bytes.length === 0 ? queriedDeleteOptions(exchange.query) : body, 'Unknown');
  const query = bytes.length === 0 ? exchange.query : new URLSearchParams();
  const grace = wholeNumber(query, 'gracePeriodSeconds');
  return {
    ...sent,
    dryRun: dryRunOf(query, 'DeleteOptions') || sent.dryRun,
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
  };
}

/** What a query can say besides `dryRun` and the grace period. */
function queriedDeleteOptions(query: URLSearchParams): object {
  const policy = query.get('propagationPolicy');
  return policy === null || policy === '' ? {} : { propagationPolicy: policy };
}
