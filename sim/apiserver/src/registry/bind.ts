import { badRequest, conflict } from '../error.ts';
import { type ApiObject, Entry } from '../storage/entry.ts';
import { type RegistryContext, type Target, timestamp, type WriteOptions } from './context.ts';
import { getObject } from './update.ts';

/** Gives a pod its node: what a scheduler posts to the pod's `binding`. @throws {ApiError} 400, 404 or 409 */
export function bindPod(context: RegistryContext, target: Target, body: unknown, options: WriteOptions): Entry {
  const current = getObject(context, target);
  const node = (body as { target?: { name?: unknown } } | null)?.target?.name;
  if (typeof node !== 'string' || node === '') throw badRequest('target.name: Required value: the name of a node');
  const object = structuredClone(current.object) as ApiObject & {
    spec: { nodeName?: string };
    status?: { conditions?: { type: string }[] };
  };
  const { resource, name } = target;
  if (object.metadata.deletionTimestamp !== undefined) throw conflict(resource, name, 'the pod is being deleted');
  if (object.spec.nodeName !== undefined && object.spec.nodeName !== '') {
    throw conflict(resource, name, `pod ${name} is already assigned to node "${object.spec.nodeName}"`);
  }
  object.spec.nodeName = node;
  const others = (object.status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  const scheduled = { type: 'PodScheduled', status: 'True', lastTransitionTime: timestamp(context.now()) };
  object.status = { ...object.status, conditions: [...others, scheduled] };
  resource.shape?.(object);
  if (options.dryRun) return Entry.fromObject(current.key, current.revision, object);
  return context.store.put(resource.plural, current.key, object);
}
