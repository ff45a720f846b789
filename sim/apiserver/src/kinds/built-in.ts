import type { ServedResource } from '../registry/served-resource.ts';
import { REF_PREFIX } from '../schema/schema.ts';
import type { ApiObject } from '../storage/entry.ts';
import { AGE, NAME } from './columns.ts';
import { definitionName, hasShape, resolveDefinition, shapeObject } from './definitions.ts';

type Options = Partial<Omit<ServedResource, 'custom' | 'schema' | 'resolve' | 'schemaName' | 'shape'>> &
  Pick<ServedResource, 'kind' | 'plural' | 'namespaced'>;

/** A kind of Kubernetes itself; what is not said is as for most kinds. */
export function builtIn(options: Options): ServedResource {
  const schemaName = definitionName(options.kind);
  return {
    group: '',
    version: 'v1',
    listKind: `${options.kind}List`,
    singular: options.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    subresources: [],
    columns: [NAME, AGE],
    selectableFields: {},
    strategy: {},
    ...options,
    schema: { $ref: REF_PREFIX + schemaName },
    resolve: resolveDefinition,
    custom: false,
    schemaName,
    // Definitions have no numbers, and so no form of Go's.
    ...(hasShape(schemaName) && { shape: (object: ApiObject) => shapeObject(object, schemaName) }),
  };
}
