import type { ServedResource } from '../registry/served-resource.ts';
import { fieldAt } from '../selectors/field.ts';
import type { ApiObject } from '../storage/entry.ts';
import { builtIn } from './built-in.ts';
import { AGE, NAME, textColumn } from './columns.ts';
import { ENDPOINT_SLICE } from './endpoint-slice.ts';
import { ENDPOINTS_COLUMNS, SERVICE_COLUMNS } from './service-columns.ts';

// Kinds that are stored and served as they come.

const SERVICE = builtIn({
  kind: 'Service',
  plural: 'services',
  namespaced: true,
  shortNames: ['svc'],
  categories: ['all'],
  subresources: ['status'],
  strategy: { nameRule: 'label' },
  columns: SERVICE_COLUMNS,
});

const SERVICE_ACCOUNT = builtIn({
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  namespaced: true,
  shortNames: ['sa'],
  columns: [NAME, textColumn('Secrets', 'How many secrets it has.', ({ secrets }) => countOf(secrets)), AGE],
});

const CONFIG_MAP = builtIn({
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
  shortNames: ['cm'],
  columns: [
    NAME,
    textColumn('Data', 'How many items it holds.', ({ data, binaryData }) => countOf(data) + countOf(binaryData)),
    AGE,
  ],
});

const SECRET = builtIn({
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  selectableFields: { type: fieldAt('type') },
  strategy: { fill: fillSecret },
  columns: [
    NAME,
    textColumn('Type', 'What it is for.', ({ type }) => type),
    textColumn('Data', 'How many items it holds.', ({ data }) => countOf(data)),
    AGE,
  ],
});

const ENDPOINTS = builtIn({
  kind: 'Endpoints',
  plural: 'endpoints',
  namespaced: true,
  singular: 'endpoints',
  listKind: 'EndpointsList',
  shortNames: ['ep'],
  columns: ENDPOINTS_COLUMNS,
});

const LEASE = builtIn({
  group: 'coordination.k8s.io',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  columns: [NAME, textColumn('Holder', 'Who holds it.', (object) => specOf(object).holderIdentity), AGE],
});

export const PLAIN_KINDS: readonly ServedResource[] = [
  SERVICE,
  SERVICE_ACCOUNT,
  CONFIG_MAP,
  SECRET,
  ENDPOINTS,
  LEASE,
  ENDPOINT_SLICE,
];

/** `stringData` is for writing only: it becomes `data`. */
function fillSecret(object: ApiObject): void {
  object.type ??= 'Opaque';
  const { stringData } = object;
  if (typeof stringData !== 'object' || stringData === null) return;
  const encoded = Object.entries(stringData as Record<string, string>).map(
    ([key, value]) => [key, Buffer.from(value).toString('base64')] as const,
  );
  object.data = { ...(object.data as object | undefined), ...Object.fromEntries(encoded) };
  delete object.stringData;
}

function specOf(object: ApiObject): Record<string, unknown> {
  return (object.spec ?? {}) as Record<string, unknown>;
}

function countOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}
