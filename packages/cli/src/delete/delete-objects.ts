import type { ApiClient } from '../api/client.ts';
import { discoverKinds, resolveKind } from '../api/discovery.ts';
import { type ApiKind, type ApiObject, objectPath, qualifiedName } from '../api/types.ts';
import { poll } from '../apply/poll.ts';
import { CliError } from '../error.ts';
import { inCreationOrder } from '../manifests/check-manifests.ts';
import { checkInput, refuseProblems } from '../manifests/load.ts';
import type { ParsedInput } from '../manifests/parse-manifests.ts';
import { note, print } from '../output/print.ts';
import type { DeleteCommandOptions } from '../sim/delete.ts';

/** How long an object may take to go, milliseconds: a pod has its grace period. */
const GONE_MS = 120_000;

interface Named {
  readonly kind: ApiKind;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** The command `sim delete`; false when an object was not found and that is a failure. */
export async function deleteObjects(
  api: ApiClient,
  what: ParsedInput | { readonly kind: string; readonly names: readonly string[] },
  { namespace, ignoreNotFound }: Pick<DeleteCommandOptions, 'namespace' | 'ignoreNotFound'>,
): Promise<boolean> {
  const objects = 'kind' in what ? await named(api, what.kind, what.names, namespace) : await inInput(api, what);
  const missing: string[] = [];
  const going: { readonly object: Named; readonly uid: string }[] = [];
  for (const object of objects) {
    const uid = await startDelete(api, object);
    if (uid === undefined) missing.push(`${qualifiedName(object.kind)} "${object.name}" not found`);
    else going.push({ object, uid });
  }
  for (const { object, uid } of going) {
    await untilGone(api, object, uid);
    print(`${qualifiedName(object.kind)} "${object.name}" deleted`);
  }
  if (ignoreNotFound === true) return true;
  for (const line of missing) note(`margay: ${line}`);
  return missing.length === 0;
}

async function named(api: ApiClient, kind: string, names: readonly string[], namespace: string): Promise<Named[]> {
  const found = resolveKind(kind, await discoverKinds(api));
  return names.map((name) => ({ kind: found, namespace: found.namespaced ? namespace : undefined, name }));
}

/** Against the order of creation: a namespace goes after what is in it. */
async function inInput(api: ApiClient, input: ParsedInput): Promise<Named[]> {
  const { targets, problems } = await checkInput(api, input);
  refuseProblems(problems, 'nothing was deleted');
  return inCreationOrder(targets).reverse();
}

/** The UID of what is going; undefined when there is no such object. */
async function startDelete(api: ApiClient, { kind, namespace, name }: Named): Promise<string | undefined> {
  const path = objectPath(kind, namespace, name);
  const current = await api.find(path);
  if (current === undefined) return undefined;
  const { uid = '' } = (current as ApiObject).metadata;
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background', preconditions: { uid } };
  const answer = await api.ask({ method: 'DELETE', path, body });
  if ('body' in answer || answer.refusal.httpStatus === 404) return uid;
  if (answer.refusal.httpStatus === 403) throw new CliError('BAD_INPUT', answer.refusal.message);
  throw new CliError('FAILED', answer.refusal.message);
}

async function untilGone(api: ApiClient, { kind, namespace, name }: Named, uid: string): Promise<void> {
  const path = objectPath(kind, namespace, name);
  const isGone = async (): Promise<boolean> => {
    const current = await api.find(path);
    return current === undefined || (current as ApiObject).metadata.uid !== uid;
  };
  if (await poll(isGone, GONE_MS)) return;
  throw new CliError(
    'FAILED',
    `${qualifiedName(kind)} "${name}" is still there ${GONE_MS / 1_000} s after its deletion`,
  );
}
