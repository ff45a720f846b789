import { isDeepStrictEqual } from 'node:util';
import { ApiError, badRequest, conflict, type FieldError, invalid, notFound } from '../error.ts';
import { type ApiObject, Entry, entryKey } from '../storage/entry.ts';
import { asObject, checkTypeMeta, finishAdmission, type Part, readAs, ruleErrors } from './admit.ts';
import type { RegistryContext, Target, WriteOptions } from './context.ts';
import { keepMetadata } from './metadata.ts';
import { collectionOf, hasGeneration, type ServedResource } from './served-resource.ts';

/** @throws {ApiError} 404 */
export function getObject({ store }: RegistryContext, { resource, namespace, name }: Target): Entry {
  const entry = store.get(collectionOf(resource), entryKey(namespace, name));
  if (entry === undefined) throw notFound(resource, name);
  return entry;
}

export interface UpdateOptions extends WriteOptions {
  /** `status`: only the status changes; absent: all but the status. */
  readonly subresource?: 'status' | 'finalize';
  /** True for patches: they are made from the stored object and may leave the version out. */
  readonly patch: boolean;
}

/** Replaces an object. @throws {ApiError} 400, 404, 409 or 422 */
export function updateObject(context: RegistryContext, target: Target, body: unknown, options: UpdateOptions): Entry {
  const { resource } = target;
  // Which object is meant comes first: a body of another one is 400, whether this one is there or not.
  const meant = asObject(body, resource);
  checkTypeMeta(meant, resource, options);
  checkNames(meant, target);
  const current = getObject(context, target);
  const previous = current.object;
  const { object: sent, errors } = readAs(resource, body, { ...options, part: partOf(resource, options) });
  placeAsTarget(sent.metadata, target);
  checkVersion(sent, current, target, options);
  const object = merged(sent, previous, resource, options);
  const metadataErrors = keepMetadata(object.metadata, previous.metadata);
  object.metadata.resourceVersion = previous.metadata.resourceVersion;
  if (metadataErrors.length > 0) throw invalid(resource, target.name, metadataErrors);
  finishUpdate(resource, object, previous, errors, options);
  if (options.subresource === undefined) {
    for (const warning of resource.strategy.warnings?.(object) ?? []) options.warn(warning);
  }
  return storeUpdate(context, target, object, current, options);
}

function partOf({ subresources }: ServedResource, { subresource }: UpdateOptions): Part {
  if (subresource === 'status') return 'status';
  return subresources.includes('status') ? 'all but status' : 'whole';
}

function finishUpdate(
  resource: ServedResource,
  object: ApiObject,
  previous: ApiObject,
  errors: readonly FieldError[],
  options: UpdateOptions,
): void {
  const { subresource } = options;
  const part = partOf(resource, options);
  const inStatus = ({ field }: FieldError): boolean => /^status\b/.test(field);
  // What the request cannot change is not judged again.
  const relevant = errors.filter((error) => part === 'whole' || inStatus(error) === (part === 'status'));
  if (subresource !== undefined) {
    resource.shape?.(object);
    const all = [...relevant, ...ruleErrors(resource, object, relevant, previous)];
    if (all.length > 0) throw invalid(resource, previous.metadata.name, all);
    return;
  }
  resource.strategy.prepareUpdate?.(object, previous);
  finishAdmission(resource, object, relevant, previous);
  if (hasGeneration(resource) && !isDeepStrictEqual(desired(object, part), desired(previous, part))) {
    object.metadata.generation = (previous.metadata.generation ?? 0) + 1;
  }
}

/** Stores an update; an object that is being deleted and that nothing holds any more goes. */
function storeUpdate(
  { store }: RegistryContext,
  { resource }: Target,
  object: ApiObject,
  current: Entry,
  { dryRun }: WriteOptions,
): Entry {
  if (isDeepStrictEqual(object, current.object)) return current;
  if (dryRun) return Entry.fromObject(current.key, current.revision, object);
  const collection = collectionOf(resource);
  if (!isReleased(object)) return store.put(collection, current.key, object);
  // One commit, of the removal alone: watches see the object go as it was, and the writer what it wrote.
  store.remove(collection, current.key);
  return Entry.fromObject(current.key, current.revision, object);
}

/** True for a deleted object that no finalizer and no grace period keeps. */
export function isReleased({ metadata, spec }: ApiObject): boolean {
  const inSpec = (spec as { finalizers?: unknown } | undefined)?.finalizers;
  return (
    metadata.deletionTimestamp !== undefined &&
    (metadata.finalizers ?? []).length === 0 &&
    (!Array.isArray(inSpec) || inSpec.length === 0) &&
    (metadata.deletionGracePeriodSeconds ?? 0) === 0
  );
}

/** The parts that a request may write from what it sent, the others as they were. */
function merged(
  sent: ApiObject,
  previous: ApiObject,
  resource: ServedResource,
  { subresource }: UpdateOptions,
): ApiObject {
  if (subresource === 'finalize') return { ...structuredClone(previous), spec: sent.spec };
  if (subresource === 'status') {
    const { status, ...others } = structuredClone(previous);
    const object: ApiObject = { ...others, ...(sent.status === undefined ? {} : { status: sent.status }) };
    // Kubernetes' own kinds take labels and annotations along; custom resources the status alone.
    if (!resource.custom) object.metadata = { ...sent.metadata };
    return object;
  }
  if (resource.subresources.includes('status')) {
    delete sent.status;
    if (previous.status !== undefined) sent.status = structuredClone(previous.status);
  }
  // A namespace's own finalizers change through `finalize` alone.
  if (resource.subresources.includes('finalize')) sent.spec = structuredClone(previous.spec);
  return sent;
}

function checkNames({ metadata }: ApiObject, { resource, namespace, name }: Target): void {
  if (typeof metadata !== 'object' || Array.isArray(metadata)) return;
  // JSON may say null or another type where a name should be: types are judged later.
  const said = metadata as Partial<Record<'name' | 'namespace', unknown>>;
  if ((said.name ?? '') === '') {
    throw badRequest(`the object lacks its name: write metadata.name, here ${JSON.stringify(name)}`);
  }
  if (typeof said.name === 'string' && said.name !== name) {
    throw badRequest(`the name of the object (${said.name}) does not match the name on the URL (${name})`);
  }
  if (!resource.namespaced || typeof said.namespace !== 'string') return;
  if (said.namespace !== '' && said.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}

function placeAsTarget(metadata: ApiObject['metadata'], { resource, namespace }: Target): void {
  if (!resource.namespaced) delete metadata.namespace;
  else if (namespace !== undefined) metadata.namespace = namespace;
}

function checkVersion(sent: ApiObject, current: Entry, { resource, name }: Target, { patch }: UpdateOptions): void {
  const { resourceVersion, uid } = sent.metadata;
  const stored = current.object.metadata;
  // A patch that changes the uid is a mistake of its own, and found with the other fixed fields.
  if (!patch && uid !== undefined && uid !== '' && uid !== stored.uid) {
    throw conflict(
      resource,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${stored.uid}`,
    );
  }
  if (resourceVersion === undefined || resourceVersion === '' || resourceVersion === '0') {
    if (patch || !needsVersion(resource)) return;
    const message = 'Invalid value: 0x0: must be specified for an update';
    throw invalid(resource, name, [{ field: 'metadata.resourceVersion', type: 'FieldValueInvalid', message }]);
  }
  if (!/^\d+$/.test(resourceVersion)) {
    throw new ApiError('Unknown', `metadata.resourceVersion: ${JSON.stringify(resourceVersion)} is no version`);
  }
  if (resourceVersion !== stored.resourceVersion) {
    throw conflict(
      resource,
      name,
      'the object has been modified; please apply your changes to the latest version and try again',
    );
  }
}

/** Kinds that Kubernetes does not let anyone overwrite unseen. */
function needsVersion({ custom, kind }: ServedResource): boolean {
  return custom || kind === 'CustomResourceDefinition' || kind === 'Lease';
}

/** What `generation` counts: all but the metadata, and a status that has a path of its own. */
function desired({ metadata: _metadata, status, ...rest }: ApiObject, part: Part): object {
  return part === 'whole' ? { ...rest, status } : rest;
}
