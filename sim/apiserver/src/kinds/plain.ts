import type { ServedResource } from '../registry/served-resource.ts';
import { builtIn } from './built-in.ts';
import { AGE, NAME, textColumn } from './columns.ts';
import { configMapErrors, immutableErrors } from './data-validation.ts';
import { ENDPOINT_SLICE } from './endpoint-slice.ts';
import { ENDPOINTS } from './endpoints.ts';
import { LEASE } from './lease.ts';
import { SECRET } from './secret.ts';
import { SERVICE } from './service.ts';

// Kinds that are stored and served much as they come.

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
  strategy: { validate: configMapErrors, validateUpdate: immutableErrors },
  columns: [
    NAME,
    textColumn('Data', 'How many items it holds.', ({ data, binaryData }) => countOf(data) + countOf(binaryData)),
    AGE,
  ],
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

function countOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}
