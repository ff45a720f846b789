import type { ApiClient } from '../api/client.ts';
import { discoverKinds, resolveKind } from '../api/discovery.ts';
import { type ApiKind, type ApiObject, objectPath, qualifiedName } from '../api/types.ts';
import { poll } from '../apply/poll.ts';
import { CliError, EXIT } from '../error.ts';
import { inCreationOrder } from '../manifests/check-manifests.ts';
import { checkInput, refuseProblems } from '../manifests/load.ts';
import type { ParsedInput } from '../manifests/parse-manifests.ts';
import { note, print, printJson } from '../output/print.ts';
import { whyStillThere } from './why-still-there.ts';

interface Named {
  readonly kind: ApiKind;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** What became of the objects. */
interface Outcome {
  readonly deleted: Named[];
  readonly notFound: Named[];
  /** Deleted, but there when the time was over. */
  readonly remaining: { readonly object: Named; readonly reason: string }[];
}

export interface DeleteOptions {
  readonly namespace: string;
  readonly ignoreNotFound?: boolean;
  readonly wait: boolean;
  /** Seconds, for all objects together. */
  readonly timeout: number;
  readonly output: string;
}

/** The command `sim delete`; returns its exit code. */
export async function deleteObjects(
  api: ApiClient,
  what: ParsedInput | { readonly kind: string; readonly names: readonly string[] },
  options: DeleteOptions,
): Promise<number> {
  const { namespace, ignoreNotFound = false, wait, timeout, output } = options;
  const objects = 'kind' in what ? await named(api, what.kind, what.names, namespace) : await inInput(api, what);
  const outcome: Outcome = { deleted: [], notFound: [], remaining: [] };
  const going: { readonly object: Named; readonly uid: string }[] = [];
  for (const object of objects) {
    const uid = await startDelete(api, object);
    if (uid === undefined) outcome.notFound.push(object);
    else going.push({ object, uid });
  }
  const untilMs = performance.now() + timeout * 1_000;
  for (const { object, uid } of going) {
    if (!wait || (await isGoneInTime(api, object, uid, untilMs))) {
      outcome.deleted.push(object);
      if (output === 'text') print(`${title(object)} deleted`);
    } else outcome.remaining.push({ object, reason: await whyStillThere(api, object) });
  }
  tell(outcome, { output, timeout, ignoreNotFound });
  const isNo = outcome.remaining.length > 0 || (outcome.notFound.length > 0 && !ignoreNotFound);
  return isNo ? EXIT.NO : EXIT.DONE;
}

function tell(
  { deleted, notFound, remaining }: Outcome,
  { output, timeout, ignoreNotFound }: { output: string; timeout: number; ignoreNotFound: boolean },
): void {
  if (output === 'json') {
    printJson({
      deleted: deleted.map(toJson),
      notFound: notFound.map(toJson),
      remaining: remaining.map(({ object, reason }) => ({ ...toJson(object), reason })),
    });
  }
  if (!ignoreNotFound) for (const object of notFound) note(`margay: ${title(object)} not found`);
  for (const { object, reason } of remaining) {
    note(`margay: ${title(object)} is still there after ${timeout} s: ${reason}`);
  }
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

/** Asks at least once: what has gone while others were waited for counts as gone. */
function isGoneInTime(
  api: ApiClient,
  { kind, namespace, name }: Named,
  uid: string,
  untilMs: number,
): Promise<boolean> {
  const path = objectPath(kind, namespace, name);
  const isGone = async (): Promise<boolean> => {
    const current = await api.find(path);
    return current === undefined || (current as ApiObject).metadata.uid !== uid;
  };
  return poll(isGone, untilMs - performance.now());
}

function title({ kind, name }: Named): string {
  return `${qualifiedName(kind)} "${name}"`;
}

function toJson({ kind: { kind, group }, namespace, name }: Named): object {
  return { kind, group, ...(namespace !== undefined && { namespace }), name };
}
