import { ApiError, conflict } from '../error.ts';
import { type ApiObject, Entry } from '../storage/entry.ts';
import { type RegistryContext, type Target, timestamp, type WriteOptions } from './context.ts';
import { checkPreconditions } from './delete.ts';
import { readPlacedBody } from './placed-body.ts';
import { getObject } from './update.ts';

interface Binding {
  readonly metadata: { readonly uid?: string; readonly annotations?: Record<string, string> | null };
  readonly target?: { readonly kind?: string; readonly name?: unknown } | null;
}

/** Gives a pod its node: what a scheduler posts to the pod's `binding`. @throws {ApiError} 400, 404 or 409 */
export function bindPod(context: RegistryContext, target: Target, body: unknown, options: WriteOptions): Entry {
  const { metadata, target: place } = readPlacedBody<Binding>(body, 'Binding', target);
  // These come without a reason, as from kube-apiserver.
  const { kind = '', name: node } = place ?? {};
  if (kind !== '' && kind !== 'Node') throw new ApiError('Unknown', `target.kind: ${JSON.stringify(kind)} is not Node`);
  if (typeof node !== 'string' || node === '') throw new ApiError('Unknown', 'target.name: Required value');
  const current = getObject(context, target);
  const object = structuredClone(current.object) as ApiObject & {
    spec: { nodeName?: string };
    status?: { conditions?: { type: string }[] };
  };
  const { resource, name } = target;
  checkPreconditions(current.object, target, metadata.uid === undefined ? {} : { uid: metadata.uid });
  if (object.metadata.deletionTimestamp !== undefined) throw conflict(resource, name, 'the pod is being deleted');
  if (object.spec.nodeName !== undefined && object.spec.nodeName !== '') {
    throw conflict(
      { ...resource, plural: 'pods/binding' },
      name,
      `pod ${name} is already assigned to node "${object.spec.nodeName}"`,
    );
  }
  object.spec.nodeName = node;
  if (metadata.annotations) object.metadata.annotations = { ...object.metadata.annotations, ...metadata.annotations };
  const others = (object.status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  const scheduled = { type: 'PodScheduled', status: 'True', lastTransitionTime: timestamp(context.now()) };
  object.status = { ...object.status, conditions: [...others, scheduled] };
  resource.shape?.(object);
  if (options.dryRun) return Entry.fromObject(current.key, current.revision, object);
  return context.store.put(resource.plural, current.key, object);
}
