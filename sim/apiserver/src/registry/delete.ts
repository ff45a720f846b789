import { conflict, forbidden } from '../error.ts';
import { type ApiObject, Entry } from '../storage/entry.ts';
import { type RegistryContext, type Target, timestamp } from './context.ts';
import { collectionOf } from './served-resource.ts';
import { getObject, isReleased } from './update.ts';

export interface DeleteOptions {
  readonly dryRun: boolean;
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export interface Deletion {
  readonly entry: Entry;
  /** False: the object stays for its grace period or its finalizers. */
  readonly removed: boolean;
}

/** Namespaces that the cluster cannot be without. */
const PERMANENT_NAMESPACES = ['default', 'kube-system', 'kube-public'];

/** Deletes an object, or marks it as deleted. @throws {ApiError} 403, 404 or 409 */
export function deleteObject(context: RegistryContext, target: Target, options: DeleteOptions): Deletion {
  const { resource, name } = target;
  const current = getObject(context, target);
  checkPreconditions(current.object, target, options.preconditions ?? {});
  if (resource.kind === 'Namespace' && PERMANENT_NAMESPACES.includes(name)) {
    throw forbidden(resource, name, 'this namespace may not be deleted');
  }
  const marked = markDeleted(context, target, current, options);
  const collection = collectionOf(resource);
  const released = isReleased(marked);
  if (options.dryRun) return { entry: Entry.fromObject(current.key, current.revision, marked), removed: released };
  if (released) return { entry: context.store.remove(collection, current.key), removed: true };
  const changed = JSON.stringify(marked) !== current.json;
  return { entry: changed ? context.store.put(collection, current.key, marked) : current, removed: false };
}

/** The object with its deletion noted. A second delete can shorten the grace period, not lengthen it. */
function markDeleted(
  context: RegistryContext,
  { resource }: Target,
  current: Entry,
  options: DeleteOptions,
): ApiObject {
  const object = structuredClone(current.object);
  const { metadata } = object;
  const grace = resource.strategy.gracePeriodSeconds?.(object, options.gracePeriodSeconds) ?? 0;
  const before = metadata.deletionGracePeriodSeconds;
  if (metadata.deletionTimestamp === undefined || (before !== undefined && grace < before)) {
    if (metadata.deletionTimestamp === undefined && metadata.generation !== undefined) metadata.generation += 1;
    metadata.deletionTimestamp = timestamp(context.now() + grace * 1000);
    metadata.deletionGracePeriodSeconds = grace;
  }
  if (resource.kind === 'Namespace') object.status = { ...(object.status as object | undefined), phase: 'Terminating' };
  return object;
}

/** @throws {ApiError} 409: the object is not the one that is meant, or was changed since */
export function checkPreconditions(
  { metadata }: ApiObject,
  { resource, name }: Target,
  { uid, resourceVersion }: NonNullable<DeleteOptions['preconditions']>,
): void {
  if (uid !== undefined && uid !== metadata.uid) {
    throw conflict(
      resource,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      resource,
      name,
      `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion}`,
    );
  }
}
