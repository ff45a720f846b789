import type { ApiClient } from '../api/client.ts';
import { type ApiKind, type ApiObject, objectPath } from '../api/types.ts';

interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly message?: string;
}

/** Why a deleted object has not gone, as far as the API tells; one sentence without its subject. */
export async function whyStillThere(
  api: ApiClient,
  { kind, namespace, name }: { readonly kind: ApiKind; readonly namespace: string | undefined; readonly name: string },
): Promise<string> {
  const object = (await api.find(objectPath(kind, namespace, name))) as ApiObject | undefined;
  if (object === undefined) return 'it went just now';
  const { finalizers, deletionTimestamp } = object.metadata as { finalizers?: string[]; deletionTimestamp?: string };
  if (deletionTimestamp === undefined) return 'another object of that name has been created since';
  if (finalizers !== undefined && finalizers.length > 0) {
    return `the finalizer ${finalizers.join(', ')} holds it until its owner takes it off`;
  }
  if (kind.group === '' && kind.kind === 'Pod') return whyPodIsThere(api, object);
  if (kind.group === '' && kind.kind === 'Namespace') return 'there are objects left in it that have not gone';
  return 'the API server does not say why';
}

/** A bound pod goes when its kubelet has ended it. */
async function whyPodIsThere(api: ApiClient, { spec }: ApiObject): Promise<string> {
  const { nodeName } = (spec ?? {}) as { nodeName?: string };
  if (nodeName === undefined) return 'the API server does not say why';
  const node = await api.find(`/api/v1/nodes/${encodeURIComponent(nodeName)}`);
  if (node === undefined) return `node ${nodeName}, which has to end it, does not exist any more`;
  const { conditions = [] } = (node.status ?? {}) as { conditions?: readonly Condition[] };
  const ready = conditions.find(({ type }) => type === 'Ready');
  if (ready?.status === 'True') return `node ${nodeName} has not ended it yet`;
  const why = ready?.message === undefined || ready.message === '' ? '' : ` (${ready.message})`;
  return `node ${nodeName}, which has to end it, is not ready${why}`;
}
