import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

// docs/reference/crds.md: what the manifests of deploy/chart/crds say, for people.

interface Property {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
  readonly items?: Property;
  readonly additionalProperties?: Property;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string; readonly message: string }[];
}

interface Manifest {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: {
      readonly kind: string;
      readonly plural: string;
      readonly shortNames?: readonly string[];
      readonly categories?: readonly string[];
    };
    readonly versions: readonly {
      readonly name: string;
      readonly additionalPrinterColumns?: readonly { readonly name: string; readonly description?: string }[];
      readonly schema: { readonly openAPIV3Schema: Property };
    }[];
  };
}

const HEAD = `# Custom resources

Made by \`npm run gen\` from the manifests in deploy/chart/crds; do not edit it by hand.

\`kubectl get margay\` lists all objects of these kinds, and \`kubectl explain\` tells about each field. The API server itself refuses what a rule forbids, with the sentence that stands here. The rules need Kubernetes 1.31 or newer.
`;

export function crdReference(root: string): string {
  const folder = join(root, 'deploy/chart/crds');
  const manifests = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => parse(readFileSync(join(folder, name), 'utf8')) as Manifest)
    .sort((a, b) => (a.spec.names.kind < b.spec.names.kind ? -1 : 1));
  return [HEAD, ...manifests.map(sectionOf)].join('\n');
}

function sectionOf({ spec }: Manifest): string {
  const { kind, plural, shortNames = [] } = spec.names;
  const parts = spec.versions.map(({ name, schema, additionalPrinterColumns = [] }) => {
    const { openAPIV3Schema: whole } = schema;
    const columns = additionalPrinterColumns.map(
      (column) => `${column.name} (${lowerFirst(column.description ?? '')})`,
    );
    return [
      whole.description ?? '',
      `\`apiVersion: ${spec.group}/${name}\`, \`kind: ${kind}\`; ${spec.scope === 'Cluster' ? 'in no namespace' : 'in a namespace'}. ` +
        `\`kubectl get ${[plural, ...shortNames].join('|')}\` shows: ${columns.join(', ')}.`,
      table(whole),
      rules(whole),
    ].join('\n\n');
  });
  return `## ${kind}\n\n${parts.join('\n\n')}\n`;
}

function table(schema: Property): string {
  const rows = fields(schema, '').map(
    ({ path, property, required }) =>
      `| \`${path}\` | ${typeOf(property)} | ${[property.description ?? '', ...limits(property, required)].join(' ').replaceAll('|', '\\|')} |`,
  );
  return ['| field | type | what it says |', '|---|---|---|', ...rows].join('\n');
}

interface Field {
  readonly path: string;
  readonly property: Property;
  readonly required: boolean;
}

function fields({ properties = {}, required = [], items, additionalProperties }: Property, above: string): Field[] {
  const own = Object.entries(properties).flatMap(([name, property]): Field[] => {
    const path = above === '' ? name : `${above}.${name}`;
    return [{ path, property, required: required.includes(name) }, ...fields(property, path)];
  });
  const item = items === undefined ? [] : fields(items, `${above}[]`);
  return [...own, ...item, ...(additionalProperties === undefined ? [] : fields(additionalProperties, `${above}.*`))];
}

function typeOf({ type = 'any', items, additionalProperties }: Property): string {
  if (items !== undefined) return `list of ${typeOf(items)}`;
  return additionalProperties === undefined ? type : `map to ${typeOf(additionalProperties)}`;
}

function limits(property: Property, required: boolean): string[] {
  const { enum: values, default: fallback, minimum, maximum, maxLength, maxItems, pattern } = property;
  const sentences = [
    required ? 'Required.' : undefined,
    values === undefined ? undefined : `One of: ${values.join(', ')}.`,
    fallback === undefined ? undefined : `Default: ${JSON.stringify(fallback)}.`,
    minimum === undefined ? undefined : `At least ${minimum}.`,
    maximum === undefined ? undefined : `At most ${maximum}.`,
    maxLength === undefined ? undefined : `At most ${maxLength} characters.`,
    maxItems === undefined ? undefined : `At most ${maxItems} items.`,
    pattern === undefined ? undefined : `Matches \`${pattern}\`.`,
  ];
  return sentences.filter((sentence) => sentence !== undefined);
}

function rules(schema: Property): string {
  const all = [{ path: 'the object', property: schema }, ...fields(schema, '')].flatMap(({ path, property }) =>
    (property['x-kubernetes-validations'] ?? []).map(({ message }) => `- \`${path}\`: ${message}.`),
  );
  return `What is refused, and what to do:\n\n${all.join('\n').replace('`the object`', 'the object')}`;
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`.replace(/\.$/, '');
}
