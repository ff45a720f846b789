import { randomInt, randomUUID } from 'node:crypto';
import { ApiError, alreadyExists, badRequest, forbidden, invalid, notFound } from '../error.ts';
import { NAMESPACE } from '../kinds/namespace.ts';
import { type ApiObject, Entry, entryKey } from '../storage/entry.ts';
import { finishAdmission, readAs } from './admit.ts';
import { type RegistryContext, timestamp, type WriteOptions } from './context.ts';
import { collectionOf, hasGeneration, type ServedResource } from './served-resource.ts';

/** Letters and digits that make no words, as Kubernetes appends to a generated name. */
const SUFFIX_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;

/** @throws {ApiError} 400, 403, 404, 409 or 422 */
export function createObject(
  context: RegistryContext,
  resource: ServedResource,
  namespace: string | undefined,
  body: unknown,
  options: WriteOptions,
): Entry {
  const part = resource.subresources.includes('status') ? 'all but status' : 'whole';
  const { object, errors } = readAs(resource, body, { ...options, part });
  const { metadata } = object;
  if (metadata.resourceVersion !== undefined && metadata.resourceVersion !== '') {
    throw new ApiError('Unknown', 'resourceVersion should not be set on objects to be created');
  }
  placeIn(namespace, object);
  nameObject(object, resource);
  if (namespace !== undefined) checkNamespace(context, resource, namespace, metadata.name);
  object.metadata = {
    ...metadata,
    uid: randomUUID(),
    creationTimestamp: timestamp(context.now()),
    generation: 1,
  };
  delete object.metadata.deletionTimestamp;
  delete object.metadata.deletionGracePeriodSeconds;
  if (!hasGeneration(resource)) delete object.metadata.generation;
  resource.strategy.fill?.(object);
  resource.strategy.prepareCreate?.(object);
  const key = entryKey(namespace, object.metadata.name);
  const collection = collectionOf(resource);
  finishAdmission(resource, object, errors, undefined);
  for (const warning of resource.strategy.warnings?.(object) ?? []) options.warn(warning);
  if (context.store.get(collection, key) !== undefined) throw alreadyExists(resource, object.metadata.name);
  if (options.dryRun) return Entry.fromObject(key, context.store.revision, object);
  return context.store.put(collection, key, object);
}

function placeIn(namespace: string | undefined, { metadata }: ApiObject): void {
  if (namespace === undefined) {
    delete metadata.namespace;
    return;
  }
  if (metadata.namespace !== undefined && metadata.namespace !== '' && metadata.namespace !== namespace) {
    throw badRequest(
      `the namespace of the provided object does not match the namespace sent on the request: ${metadata.namespace} is not ${namespace}`,
    );
  }
  metadata.namespace = namespace;
}

function nameObject({ metadata }: ApiObject, resource: ServedResource): void {
  if (metadata.name !== undefined && metadata.name !== '') return;
  const { generateName } = metadata;
  if (generateName === undefined || generateName === '') {
    const message = 'Required value: name or generateName is required';
    throw invalid(resource, '', [{ field: 'metadata.name', type: 'FieldValueRequired', message }]);
  }
  const suffix = Array.from({ length: SUFFIX_LENGTH }, () => SUFFIX_LETTERS[randomInt(SUFFIX_LETTERS.length)]).join('');
  metadata.name = generateName.slice(0, 63 - SUFFIX_LENGTH) + suffix;
}

/** @throws {ApiError} 404 when there is no such namespace, 403 when it is being deleted */
function checkNamespace({ store }: RegistryContext, resource: ServedResource, namespace: string, name: string): void {
  const entry = store.get(NAMESPACE.plural, namespace);
  if (entry === undefined) throw notFound(NAMESPACE, namespace);
  if (entry.object.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const error = forbidden(resource, name, why);
  throw new ApiError('Forbidden', error.message, {
    ...error.details,
    causes: [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  });
}
