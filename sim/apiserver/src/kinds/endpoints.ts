import { isIP } from 'node:net';
import type { FieldError } from '../error.ts';
import { invalidValue } from '../registry/metadata.ts';
import type { ApiObject } from '../storage/entry.ts';
import { builtIn } from './built-in.ts';
import { required } from './field-errors.ts';
import { portNumberErrors } from './port-validation.ts';
import { ENDPOINTS_COLUMNS } from './service-columns.ts';

interface Subset {
  readonly addresses?: readonly { readonly ip: string }[];
  readonly notReadyAddresses?: readonly { readonly ip: string }[];
  readonly ports?: { readonly name?: string; readonly port: number; protocol?: string }[];
}

export const ENDPOINTS = builtIn({
  kind: 'Endpoints',
  plural: 'endpoints',
  namespaced: true,
  singular: 'endpoints',
  listKind: 'EndpointsList',
  shortNames: ['ep'],
  strategy: { fill: fillEndpoints, validate: endpointsErrors },
  columns: ENDPOINTS_COLUMNS,
  warning: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
});

function subsetsOf(object: ApiObject): Subset[] {
  return (object.subsets ?? []) as Subset[];
}

/** Ports are TCP. */
function fillEndpoints(object: ApiObject): void {
  for (const { ports = [] } of subsetsOf(object)) {
    for (const port of ports) port.protocol ??= 'TCP';
  }
}

function endpointsErrors(object: ApiObject): FieldError[] {
  return subsetsOf(object).flatMap((subset, index) => {
    const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
    const path = `subsets[${index}]`;
    if (addresses.length + notReadyAddresses.length === 0) return [required(path)];
    return [
      ...addressErrors(addresses, `${path}.addresses`),
      ...addressErrors(notReadyAddresses, `${path}.notReadyAddresses`),
      ...ports.flatMap(({ name = '', port }, place) => [
        ...(name === '' && ports.length > 1 ? [required(`${path}.ports[${place}].name`)] : []),
        ...portNumberErrors(port, `${path}.ports[${place}].port`),
      ]),
    ];
  });
}

function addressErrors(addresses: readonly { readonly ip: string }[], path: string): FieldError[] {
  return addresses.flatMap(({ ip }, index) =>
    isIP(ip) === 0 ? [invalidValue(`${path}[${index}].ip`, ip, 'must be an IP address')] : [],
  );
}
