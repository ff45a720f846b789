import type { ApiObject } from '../storage/entry.ts';
import type { Column } from './column.ts';

export type TableVersion = 'v1' | 'v1beta1';

/** What a row carries besides its cells. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

export interface TableOptions {
  readonly version: TableVersion;
  readonly includeObject: IncludeObject;
  readonly nowMs: number;
  /** Of the list, or of a watch event's object. */
  readonly metadata: object;
  /** False in later events of a watch: the columns are known. */
  readonly definitions: boolean;
}

/** A meta/v1 Table: what `kubectl get` prints. */
export function renderTable(objects: readonly ApiObject[], columns: readonly Column[], options: TableOptions): object {
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${options.version}`,
    metadata: options.metadata,
    columnDefinitions: options.definitions ? columns.map(definitionOf) : null,
    rows: objects.map((object) => ({
      cells: columns.map(({ cell }) => cell(object, options.nowMs)),
      ...rowObject(object, options),
    })),
  };
}

function definitionOf({ name, type, format, description, priority }: Column): object {
  // Dates come as ages, in words.
  return { name, type: type === 'date' ? 'string' : type, format: format ?? '', description, priority };
}

function rowObject(object: ApiObject, { includeObject, version }: TableOptions): object {
  if (includeObject === 'None') return {};
  if (includeObject === 'Object') return { object };
  const partial = { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata };
  return { object: partial };
}
