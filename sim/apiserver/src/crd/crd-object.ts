import type { FieldError } from '../error.ts';
import type { Schema } from '../schema/schema.ts';
import type { ApiObject } from '../storage/entry.ts';
import { compileJsonPath } from '../table/json-path.ts';
import { compileRuleTree } from './cel/rule-tree.ts';
import { crdSchemaErrors } from './crd-schema.ts';

/** A CustomResourceDefinition (apiextensions.k8s.io/v1), as far as the server acts on it. */
export interface CrdSpec {
  group: string;
  scope: 'Cluster' | 'Namespaced';
  names: {
    plural: string;
    singular?: string;
    kind: string;
    listKind?: string;
    shortNames?: string[];
    categories?: string[];
  };
  versions: CrdVersion[];
  conversion?: { strategy?: string };
}

export interface CrdVersion {
  name: string;
  served: boolean;
  storage: boolean;
  schema?: { openAPIV3Schema?: Schema };
  subresources?: { status?: object };
  additionalPrinterColumns?: PrinterColumn[];
  selectableFields?: { jsonPath: string }[];
}

export interface PrinterColumn {
  name: string;
  type: string;
  jsonPath: string;
  description?: string;
  format?: string;
  priority?: number;
}

export function crdSpecOf(object: ApiObject): CrdSpec {
  return object.spec as CrdSpec;
}

/** Fills in names that follow from others. */
export function fillCrd(object: ApiObject): void {
  const spec = crdSpecOf(object);
  if (spec?.names?.kind === undefined) return;
  spec.names.singular ??= spec.names.kind.toLowerCase();
  spec.names.listKind ??= `${spec.names.kind}List`;
  spec.conversion ??= { strategy: 'None' };
}

/** A kind is served from the moment its definition is stored, so its status says so at once. */
export function prepareCrd(object: ApiObject): void {
  const spec = crdSpecOf(object);
  if (spec?.names === undefined) return;
  const lastTransitionTime = `${new Date().toISOString().slice(0, 19)}Z`;
  object.status = {
    conditions: [
      {
        type: 'NamesAccepted',
        status: 'True',
        lastTransitionTime,
        reason: 'NoConflicts',
        message: 'no conflicts found',
      },
      {
        type: 'Established',
        status: 'True',
        lastTransitionTime,
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      },
    ],
    acceptedNames: spec.names,
    storedVersions: (spec.versions ?? []).filter(({ storage }) => storage).map(({ name }) => name),
  };
}

/** What is wrong with a definition, beyond its schema. */
export function crdErrors(object: ApiObject): FieldError[] {
  const { group, names, versions, conversion, scope } = crdSpecOf(object);
  const errors: FieldError[] = [];
  const invalid = (field: string, message: string): void => {
    errors.push({ field, type: 'FieldValueInvalid', message: `Invalid value: ${message}` });
  };
  if (object.metadata.name !== `${names.plural}.${group}`) {
    invalid('metadata.name', `${JSON.stringify(object.metadata.name)}: must be spec.names.plural+"."+spec.group`);
  }
  if (scope !== 'Cluster' && scope !== 'Namespaced') {
    invalid('spec.scope', `${JSON.stringify(scope)}: must be Cluster or Namespaced`);
  }
  if (versions.filter(({ storage }) => storage).length !== 1) {
    invalid('spec.versions', 'must have exactly one version marked as storage version');
  }
  if (conversion?.strategy !== undefined && conversion.strategy !== 'None') {
    invalid('spec.conversion.strategy', `${JSON.stringify(conversion.strategy)}: this server knows None only`);
  }
  for (const [index, { schema, additionalPrinterColumns = [] }] of versions.entries()) {
    for (const [column, { jsonPath }] of additionalPrinterColumns.entries()) {
      const field = `spec.versions[${index}].additionalPrinterColumns[${column}].jsonPath`;
      if (!isJsonPath(jsonPath)) invalid(field, `${JSON.stringify(jsonPath)}: this server cannot read it`);
    }
    const place = `spec.versions[${index}].schema.openAPIV3Schema`;
    if (schema?.openAPIV3Schema !== undefined) {
      errors.push(
        ...crdSchemaErrors(schema.openAPIV3Schema, place),
        ...compileRuleTree(schema.openAPIV3Schema, place).errors,
      );
    }
    if (schema?.openAPIV3Schema === undefined) {
      errors.push({ field: place, type: 'FieldValueRequired', message: 'Required value: schemas are required' });
    }
  }
  return errors;
}

function isJsonPath(text: string): boolean {
  try {
    compileJsonPath(text);
    return true;
  } catch {
    return false;
  }
}
