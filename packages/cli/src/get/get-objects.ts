import type { ApiClient } from '../api/client.ts';
import { discoverKinds, resolveKind } from '../api/discovery.ts';
import { type ApiKind, type ApiObject, apiVersionOf, collectionPath, objectPath, qualifiedName } from '../api/types.ts';
import { CliError } from '../error.ts';
import { note, print, printJson } from '../output/print.ts';
import { type Table, tableLines } from './table.ts';

const AS_TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

export interface GetOptions {
  readonly namespace: string;
  readonly allNamespaces?: boolean;
  readonly output: string;
}

/** The command `sim get`; false when there is no object of that name. */
export async function getObjects(
  api: ApiClient,
  { kind: kindText, name }: { readonly kind: string; readonly name?: string },
  options: GetOptions,
): Promise<boolean> {
  if (name !== undefined && options.allNamespaces === true) {
    throw new CliError('BAD_INPUT', 'a name is in one namespace: leave -A out, or the name');
  }
  const kind = resolveKind(kindText, await discoverKinds(api));
  const namespace = options.allNamespaces === true ? undefined : options.namespace;
  const path = name === undefined ? collectionPath(kind, namespace) : objectPath(kind, namespace, name);
  if (options.output === 'table' || options.output === 'wide')
    return await showTable(api, { kind, path, name, options });
  return await showObjects(api, { kind, path, name, options });
}

interface Question {
  readonly kind: ApiKind;
  readonly path: string;
  readonly name: string | undefined;
  readonly options: GetOptions;
}

async function showTable(api: ApiClient, { kind, path, name, options }: Question): Promise<boolean> {
  const table = (await api.find(path, AS_TABLE)) as Table | undefined;
  if (table === undefined) return notFound(kind, name);
  if (table.rows === undefined || table.rows.length === 0) noteNone(kind, options);
  else {
    const withNamespace = kind.namespaced && options.allNamespaces === true;
    for (const line of tableLines(table, { isWide: options.output === 'wide', withNamespace })) print(line);
  }
  return true;
}

async function showObjects(api: ApiClient, { kind, path, name, options }: Question): Promise<boolean> {
  const found = await api.find(path);
  if (found === undefined) return notFound(kind, name);
  const items = name === undefined ? ((found.items ?? []) as ApiObject[]) : [found as ApiObject];
  if (options.output === 'name') {
    if (items.length === 0) noteNone(kind, options);
    for (const { metadata } of items) print(`${qualifiedName(kind)}/${metadata.name}`);
    return true;
  }
  const answer = name === undefined ? listOf(kind, items) : found;
  if (options.output === 'json') printJson(answer);
  else {
    const { stringify } = await import('yaml');
    // Most readers know YAML 1.1 alone, where an unquoted time or `yes` is no text.
    process.stdout.write(stringify(answer, { lineWidth: 0, aliasDuplicateObjects: false, version: '1.1' }));
  }
  return true;
}

/** Elements of a list come without their kind from the server. */
function listOf(kind: ApiKind, items: readonly ApiObject[]): object {
  const typed = items.map((item) => ({ ...item, apiVersion: apiVersionOf(kind), kind: kind.kind }));
  return { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: typed };
}

function notFound(kind: ApiKind, name: string | undefined): boolean {
  const plural = kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
  note(`margay: ${plural} "${name ?? ''}" not found`);
  return false;
}

function noteNone(kind: ApiKind, { namespace, allNamespaces }: Question['options']): void {
  note(
    kind.namespaced && allNamespaces !== true ? `No resources found in ${namespace} namespace.` : 'No resources found.',
  );
}
