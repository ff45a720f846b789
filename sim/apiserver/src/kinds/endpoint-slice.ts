import { isIP } from 'node:net';
import type { FieldError } from '../error.ts';
import { invalidValue } from '../registry/metadata.ts';
import { nameErrors } from '../registry/names.ts';
import type { ApiObject } from '../storage/entry.ts';
import { builtIn } from './built-in.ts';
import { AGE, NAME, textColumn } from './columns.ts';
import { duplicate, required } from './field-errors.ts';

interface Slice {
  readonly addressType?: string;
  readonly endpoints?: readonly { readonly addresses?: readonly string[] }[] | null;
  ports?: { name?: string; protocol?: string; port?: number }[];
}

/** So many addresses and ports are shown; the number of the others follows. */
const SHOWN = 3;

export const ENDPOINT_SLICE = builtIn({
  group: 'discovery.k8s.io',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
  countsGenerations: true,
  columns: [
    NAME,
    textColumn('AddressType', 'What its addresses are.', (object) => sliceOf(object).addressType),
    textColumn('Ports', 'The ports of its addresses.', (object) =>
      shortened(
        (sliceOf(object).ports ?? []).map(({ port }) => String(port ?? '*')),
        '<unset>',
      ),
    ),
    textColumn('Endpoints', 'The addresses.', (object) =>
      shortened(
        (sliceOf(object).endpoints ?? []).flatMap(({ addresses = [] }) => addresses),
        '<unset>',
      ),
    ),
    AGE,
  ],
  strategy: {
    fill: (object) => {
      for (const port of sliceOf(object).ports ?? []) {
        port.name ??= '';
        port.protocol ??= 'TCP';
      }
    },
    validate: sliceErrors,
    validateUpdate: (object, previous) =>
      sliceOf(object).addressType === sliceOf(previous).addressType
        ? []
        : [invalidValue('addressType', sliceOf(object).addressType, 'field is immutable')],
  },
});

function sliceOf(object: ApiObject): Slice {
  return object as unknown as Slice;
}

function sliceErrors(object: ApiObject): FieldError[] {
  return [...endpointErrors(object), ...portErrors(object)];
}

/** Names of ports are those of the service's ports; no two may have the same. */
function portErrors(object: ApiObject): FieldError[] {
  const names = (sliceOf(object).ports ?? []).map(({ name = '' }) => name);
  return names.flatMap((name, index) => {
    const path = `ports[${index}].name`;
    if (names.indexOf(name) < index) return [duplicate(path, name)];
    return name === '' ? [] : nameErrors(name, 'label', path);
  });
}

function endpointErrors(object: ApiObject): FieldError[] {
  const { addressType, endpoints } = sliceOf(object);
  const family = { IPv4: 4, IPv6: 6 }[addressType ?? ''];
  return (endpoints ?? []).flatMap(({ addresses = [] }, index) => {
    const path = `endpoints[${index}].addresses`;
    if (addresses.length === 0) {
      return [required(path)];
    }
    if (family === undefined) return [];
    return addresses.flatMap((address, place) =>
      isIP(address) === family ? [] : [invalidValue(`${path}[${place}]`, address, `must be an ${addressType} address`)],
    );
  });
}

function shortened(items: readonly string[], none: string): string {
  if (items.length === 0) return none;
  const shown = items.slice(0, SHOWN).join(',');
  return items.length > SHOWN ? `${shown} + ${items.length - SHOWN} more...` : shown;
}
