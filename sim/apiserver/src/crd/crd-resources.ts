import { AGE, NAME } from '../kinds/columns.ts';
import { objectFields, resolveDefinition } from '../kinds/definitions.ts';
import type { ServedResource, Strategy } from '../registry/served-resource.ts';
import type { Schema } from '../schema/schema.ts';
import { fieldAt } from '../selectors/field.ts';
import type { ApiObject } from '../storage/entry.ts';
import type { Column } from '../table/column.ts';
import { ageOf } from '../table/duration.ts';
import { compileJsonPath } from '../table/json-path.ts';
import { compileRuleTree, judgeObject } from './cel/rule-tree.ts';
import { type CrdSpec, type CrdVersion, crdSpecOf, type PrinterColumn } from './crd-object.ts';

/** The kinds that one CustomResourceDefinition adds: one for each version that is served. */
export function resourcesOfCrd(definition: ApiObject): ServedResource[] {
  const spec = crdSpecOf(definition);
  return spec.versions.filter(({ served }) => served).map((version) => resourceOf(spec, version));
}

function resourceOf(spec: CrdSpec, version: CrdVersion): ServedResource {
  const { group, names } = spec;
  const reversed = group.split('.').reverse().join('.');
  return {
    group,
    version: version.name,
    kind: names.kind,
    listKind: names.listKind ?? `${names.kind}List`,
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: spec.scope === 'Namespaced',
    subresources: version.subresources?.status === undefined ? [] : ['status'],
    schema: completeSchema(version.schema?.openAPIV3Schema ?? {}, spec, version),
    resolve: resolveDefinition,
    custom: true,
    schemaName: `${reversed}.${version.name}.${names.kind}`,
    columns: columnsOf(version.additionalPrinterColumns),
    selectableFields: Object.fromEntries(
      (version.selectableFields ?? []).map(({ jsonPath }) => [jsonPath.slice(1), fieldAt(jsonPath.slice(1))] as const),
    ),
    strategy: strategyOf(version),
  };
}

/** The rules were compiled once already, when the definition was admitted; what did not compile was refused. */
function strategyOf({ schema }: CrdVersion): Strategy {
  const { tree } = compileRuleTree(schema?.openAPIV3Schema ?? {}, '');
  return tree === undefined ? {} : { judge: (object, previous) => judgeObject(tree, object, previous) };
}

/** A manifest describes spec and status; what every object has is added. */
function completeSchema(schema: Schema, { group, names }: CrdSpec, { name }: CrdVersion): Schema {
  return {
    ...schema,
    properties: {
      ...schema.properties,
      ...objectFields(),
    },
    'x-kubernetes-group-version-kind': [{ group, version: name, kind: names.kind }],
  };
}

function columnsOf(columns: readonly PrinterColumn[] | undefined): Column[] {
  if (columns === undefined || columns.length === 0) return [NAME, AGE];
  return [NAME, ...columns.map(columnOf)];
}

function columnOf({ name, type, jsonPath, description, format, priority }: PrinterColumn): Column {
  const read = compileJsonPath(jsonPath);
  return {
    name,
    type: type as Column['type'],
    description: description ?? `The value at ${jsonPath}.`,
    priority: priority ?? 0,
    ...(format === undefined ? {} : { format }),
    cell: (object, nowMs) => {
      const value = read(object);
      if (value === undefined || value === null) return type === 'date' ? '<unknown>' : null;
      if (type === 'date') return ageOf(String(value), nowMs);
      return typeof value === 'object' ? JSON.stringify(value) : value;
    },
  };
}
