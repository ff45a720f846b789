import { parseFields } from '../schema/parse-fields.ts';
import { type NumberedFields, parseNumbers } from '../schema/parse-numbers.ts';
import { parsePresences } from '../schema/parse-presence.ts';
import { REF_PREFIX, type Schema } from '../schema/schema.ts';
import { type ShapeSource, shapeAsGo } from '../schema/shape.ts';
import type { ApiObject } from '../storage/entry.ts';
import { describeTypes } from './describe-types.ts';
import { APIEXTENSIONS_FIELDS } from './fields-apiextensions.ts';
import { COORDINATION_FIELDS } from './fields-coordination.ts';
import { CORE_CONTAINER_FIELDS } from './fields-core-container.ts';
import { CORE_NODE_FIELDS } from './fields-core-node.ts';
import { CORE_OTHER_FIELDS } from './fields-core-other.ts';
import { CORE_POD_FIELDS } from './fields-core-pod.ts';
import { CORE_SCHEDULING_FIELDS } from './fields-core-scheduling.ts';
import { CORE_SECURITY_FIELDS } from './fields-core-security.ts';
import { CORE_VOLUMES_FIELDS } from './fields-core-volumes.ts';
import { DISCOVERY_FIELDS } from './fields-discovery.ts';
import { META_FIELDS, OPTIONS_FIELDS } from './fields-meta.ts';
import { NETWORKING_FIELDS } from './fields-networking.ts';
import { POLICY_FIELDS } from './fields-policy.ts';
import { AUTHENTICATION_FIELDS, AUTHORIZATION_FIELDS } from './fields-reviews.ts';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.';
const CORE = 'io.k8s.api.core.v1.';
const EXTENSIONS = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.';

const SOURCES: readonly (readonly [prefix: string, text: string])[] = [
  [META, META_FIELDS],
  [META, OPTIONS_FIELDS],
  [CORE, CORE_POD_FIELDS],
  [CORE, CORE_CONTAINER_FIELDS],
  [CORE, CORE_SECURITY_FIELDS],
  [CORE, CORE_SCHEDULING_FIELDS],
  [CORE, CORE_VOLUMES_FIELDS],
  [CORE, CORE_NODE_FIELDS],
  [CORE, CORE_OTHER_FIELDS],
  ['io.k8s.api.networking.v1.', NETWORKING_FIELDS],
  ['io.k8s.api.policy.v1.', POLICY_FIELDS],
  ['io.k8s.api.coordination.v1.', COORDINATION_FIELDS],
  ['io.k8s.api.discovery.v1.', DISCOVERY_FIELDS],
  ['io.k8s.api.authorization.v1.', AUTHORIZATION_FIELDS],
  ['io.k8s.api.authentication.v1.', AUTHENTICATION_FIELDS],
  [EXTENSIONS, APIEXTENSIONS_FIELDS],
];

/** Types that are not plain objects. */
const SPECIAL: Readonly<Record<string, Schema>> = {
  [`${META}Time`]: { type: 'string', format: 'date-time' },
  [`${META}MicroTime`]: { type: 'string', format: 'date-time' },
  [`${META}FieldsV1`]: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  'io.k8s.apimachinery.pkg.api.resource.Quantity': {
    oneOf: [{ type: 'string' }, { type: 'number' }],
    pattern: '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$',
  },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': {
    format: 'int-or-string',
    oneOf: [{ type: 'integer' }, { type: 'string' }],
  },
  [`${EXTENSIONS}JSON`]: { 'x-kubernetes-preserve-unknown-fields': true },
  [`${EXTENSIONS}JSONSchemaPropsOrBool`]: { 'x-kubernetes-preserve-unknown-fields': true },
  [`${EXTENSIONS}JSONSchemaPropsOrStringArray`]: { 'x-kubernetes-preserve-unknown-fields': true },
  [`${EXTENSIONS}JSONSchemaPropsOrArray`]: { 'x-kubernetes-preserve-unknown-fields': true },
};

/** Types whose name another group has, too. */
const PUBLISHED_NAMES: Readonly<Record<string, string>> = { DiscoveryEndpointPort: 'EndpointPort' };

/** Published names by short name; types of all files refer to each other by the latter. */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ...Object.keys(SPECIAL).map((name) => [name.slice(name.lastIndexOf('.') + 1), name] as const),
  ...SOURCES.flatMap(([prefix, text]) =>
    Array.from(text.matchAll(/^[A-Za-z]\w*/gm), ([type]) => [type, prefix + (PUBLISHED_NAMES[type] ?? type)] as const),
  ),
]);

/** Kubernetes' own types by their published name, as `io.k8s.api.core.v1.Pod`. */
export const DEFINITIONS: ReadonlyMap<string, Schema> = buildDefinitions();

/** The fields of Kubernetes' own types as protobuf messages, by the type's published name. */
export const NUMBERED_FIELDS: ReadonlyMap<string, NumberedFields> = new Map(
  SOURCES.flatMap(([, text]) => [...parseNumbers(text, definitionName)]),
);

const SHAPES: ShapeSource = {
  definitions: DEFINITIONS,
  presences: new Map(SOURCES.flatMap(([, text]) => [...parsePresences(text, definitionName)])),
};

/** Whether it is known in which form kube-apiserver writes a type. */
export function hasShape(type: string): boolean {
  return (SHAPES.presences.get(type)?.size ?? 0) > 0;
}

/** Gives an object of a Kubernetes type, in place, the form in which kube-apiserver writes it. */
export function shapeObject(object: ApiObject, type: string): void {
  shapeAsGo(object, type, SHAPES);
}

/** What every object has, with what is said about it: as a kind without a status has it. */
export function objectFields(): Record<'apiVersion' | 'kind' | 'metadata', Schema> {
  const { apiVersion, kind, metadata } = DEFINITIONS.get(definitionName('ConfigMap'))?.properties ?? {};
  if (!apiVersion || !kind || !metadata) throw new Error('ConfigMap lacks what every object has');
  return { apiVersion, kind, metadata };
}

/** The published name of a type that is known by its short name, as `Pod`. */
export function definitionName(type: string): string {
  const name = SHORT_NAMES.get(type);
  if (name === undefined) throw new Error(`no type is called ${type}`);
  return name;
}

/** Follows `$ref` into Kubernetes' own types. */
export function resolveDefinition(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const definition = DEFINITIONS.get(schema.$ref.slice(REF_PREFIX.length));
  if (definition === undefined) throw new Error(`no type is called ${schema.$ref}`);
  return definition;
}

function buildDefinitions(): Map<string, Schema> {
  const all = new Map<string, Schema>(Object.entries(SPECIAL));
  for (const [, text] of SOURCES) {
    for (const [name, schema] of parseFields(text, definitionName)) {
      all.set(name, schema);
    }
  }
  describeTypes(all, definitionName);
  return all;
}
