import type { ApiObject } from '../storage/entry.ts';
import type { Column } from '../table/column.ts';
import { ageOf } from '../table/duration.ts';
import { compileJsonPath } from '../table/json-path.ts';

export const NAME: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'The name of the object.',
  priority: 0,
  cell: ({ metadata }) => metadata.name,
};

export const AGE: Column = {
  name: 'Age',
  type: 'string',
  description: 'How long ago the object was made.',
  priority: 0,
  cell: ({ metadata }, nowMs) => ageOf(metadata.creationTimestamp, nowMs),
};

/** A column of text. */
export function textColumn(
  name: string,
  description: string,
  cell: (object: ApiObject) => unknown,
  priority = 0,
): Column {
  return { name, type: 'string', description, priority, cell: (object) => cell(object) ?? '<none>' };
}

/** A column that shows what stands at a JSON path. */
export function pathColumn(name: string, path: string, priority = 0): Column {
  const read = compileJsonPath(path);
  return textColumn(name, `The value at ${path}.`, (object) => read(object), priority);
}
