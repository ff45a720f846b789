import { badRequest } from '../error.ts';
import type { ListPage } from '../registry/list.ts';
import { apiVersionOf, type ServedResource } from '../registry/served-resource.ts';
import { type ApiObject, Entry } from '../storage/entry.ts';
import { type IncludeObject, renderTable } from '../table/table.ts';
import type { Exchange, ServerContext } from './exchange.ts';
import { acceptedTable } from './table-format.ts';

/** The object as this version of its kind shows it: versions differ in their name alone. */
export function inVersion(entry: Entry, resource: ServedResource): Entry {
  const apiVersion = apiVersionOf(resource);
  // Only custom resources have more than one version.
  if (!resource.custom || entry.object.apiVersion === apiVersion) return entry;
  return Entry.fromObject(entry.key, entry.revision, { ...entry.object, apiVersion });
}

/** One object, or a table of one row. */
export function presentObject(
  exchange: Exchange,
  context: ServerContext,
  resource: ServedResource,
  entry: Entry,
): string {
  const shown = inVersion(entry, resource);
  const version = acceptedTable(exchange.request);
  if (version === undefined) return shown.json;
  const metadata = { resourceVersion: shown.object.metadata.resourceVersion };
  return table(exchange, context, resource, [shown.object], metadata);
}

/** A list, or a table. */
export function presentList(
  exchange: Exchange,
  context: ServerContext,
  resource: ServedResource,
  page: ListPage,
): string {
  const { revision, continueToken, remaining } = page;
  const metadata = {
    resourceVersion: String(revision),
    ...(continueToken === undefined ? {} : { continue: continueToken }),
    ...(remaining === undefined ? {} : { remainingItemCount: remaining }),
  };
  const entries = page.entries.map((entry) => inVersion(entry, resource));
  if (acceptedTable(exchange.request) !== undefined) {
    return table(
      exchange,
      context,
      resource,
      entries.map(({ object }) => object),
      metadata,
    );
  }
  const head = JSON.stringify({ kind: resource.listKind, apiVersion: apiVersionOf(resource), metadata });
  return `${head.slice(0, -1)},"items":[${entries.map((entry) => (resource.custom ? entry.json : entry.itemJson)).join(',')}]}`;
}

function table(
  exchange: Exchange,
  context: ServerContext,
  resource: ServedResource,
  objects: readonly ApiObject[],
  metadata: object,
): string {
  return JSON.stringify(
    renderTable(objects, resource.columns, {
      version: acceptedTable(exchange.request) ?? 'v1',
      includeObject: includeObjectOf(exchange.query),
      nowMs: context.now(),
      metadata,
      definitions: true,
    }),
  );
}

/** @throws {ApiError} 400 */
export function includeObjectOf(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') ?? 'Metadata';
  if (value === 'None' || value === 'Metadata' || value === 'Object') return value;
  throw badRequest(`includeObject: Invalid value: ${JSON.stringify(value)}: use None, Metadata or Object`);
}
