import type { FieldError } from '../error.ts';
import type { ResolveSchema, Schema } from '../schema/schema.ts';
import type { FieldReader } from '../selectors/field.ts';
import type { ApiObject } from '../storage/entry.ts';
import type { Column } from '../table/column.ts';
import type { NameRule } from './names.ts';

/** One kind in one version, as it is served below a path of its own. */
export interface ServedResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** `status`, `binding`, `eviction`, `finalize`: paths below an object. */
  readonly subresources: readonly string[];
  readonly schema: Schema;
  readonly resolve: ResolveSchema;
  /** True for kinds that a CustomResourceDefinition adds. */
  readonly custom: boolean;
  /** Gives an object the form in which it is stored and sent, once its defaults are filled in. */
  readonly shape?: (object: ApiObject) => void;
  /** Whether `generation` counts the changes of what is wanted. All custom kinds do so. */
  readonly countsGenerations?: boolean;
  /** The name that the schema is published under in /openapi. */
  readonly schemaName: string;
  readonly columns: readonly Column[];
  readonly selectableFields: Readonly<Record<string, FieldReader>>;
  readonly strategy: Strategy;
  /** Told with every answer: the kind should not be used any more. */
  readonly warning?: string;
  /** Of a kind that is a question, posted and never stored: the status that answers it to this user. */
  readonly answer?: (user: string) => object;
}

/** What one kind does beyond what all kinds do. Objects may be changed in place where it says "fill". */
export interface Strategy {
  /** Fills in defaults that a schema cannot express. */
  readonly fill?: (object: ApiObject) => void;
  /** Fills in what the server decides about a new object. */
  readonly prepareCreate?: (object: ApiObject) => void;
  /** Takes away what does not go with what an update changes. */
  readonly prepareUpdate?: (object: ApiObject, previous: ApiObject) => void;
  readonly validate?: (object: ApiObject) => FieldError[];
  readonly validateUpdate?: (object: ApiObject, previous: ApiObject) => FieldError[];
  /** What is allowed, but hardly meant. */
  readonly warnings?: (object: ApiObject) => string[];
  /** What the rules of a custom kind find; judged once the schema has no complaint that keeps them from it. */
  readonly judge?: (object: ApiObject, previous: ApiObject | undefined) => FieldError[];
  /** How long a deleted object stays; 0 when it goes at once. Absent: at once. */
  readonly gracePeriodSeconds?: (object: ApiObject, requested: number | undefined) => number;
  /** The rule for names; DNS subdomains where absent. */
  readonly nameRule?: NameRule;
}

export function apiVersionOf({ group, version }: { readonly group: string; readonly version: string }): string {
  return group === '' ? version : `${group}/${version}`;
}

export function hasGeneration({ custom, countsGenerations }: ServedResource): boolean {
  return custom || countsGenerations === true;
}

/** The name of the stored collection; all versions of a kind share it. */
export function collectionOf({ group, plural }: { readonly group: string; readonly plural: string }): string {
  return group === '' ? plural : `${plural}.${group}`;
}
