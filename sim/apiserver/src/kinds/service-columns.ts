import type { ApiObject } from '../storage/entry.ts';
import type { Column } from '../table/column.ts';
import { AGE, NAME, textColumn } from './columns.ts';

interface Port {
  readonly name?: string;
  readonly port: number;
  readonly nodePort?: number;
  readonly protocol?: string;
}

interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly externalName?: string;
  readonly externalIPs?: readonly string[];
  readonly ports?: readonly Port[];
  readonly selector?: Readonly<Record<string, string>>;
}

interface Subset {
  readonly addresses?: readonly { readonly ip: string }[];
  readonly ports?: readonly Port[];
}

/** So many addresses are shown of Endpoints; the number of the others follows. */
const SHOWN_ADDRESSES = 3;

export const SERVICE_COLUMNS: readonly Column[] = [
  NAME,
  textColumn('Type', 'How the service is exposed.', (object) => specOf(object).type ?? 'ClusterIP'),
  textColumn('Cluster-IP', 'The virtual address.', (object) => specOf(object).clusterIP || undefined),
  textColumn('External-IP', 'Where it is reached from outside.', externalAddresses),
  textColumn('Port(s)', 'The ports that it serves.', (object) => portsText(specOf(object).ports ?? []) || undefined),
  AGE,
  textColumn(
    'Selector',
    'The pods behind it.',
    (object) =>
      Object.entries(specOf(object).selector ?? {})
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => `${key}=${value}`)
        .join(',') || undefined,
    1,
  ),
];

export const ENDPOINTS_COLUMNS: readonly Column[] = [
  NAME,
  textColumn('Endpoints', 'The addresses and ports behind the service.', endpointsText),
  AGE,
];

function specOf(object: ApiObject): ServiceSpec {
  return (object.spec ?? {}) as ServiceSpec;
}

function externalAddresses(object: ApiObject): string | undefined {
  const { type, externalName, externalIPs = [] } = specOf(object);
  if (type === 'ExternalName') return externalName;
  const status = object.status as { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } } | undefined;
  const balancers = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  const all = [...(type === 'LoadBalancer' ? balancers : []), ...externalIPs];
  if (all.length === 0) return type === 'LoadBalancer' ? '<pending>' : undefined;
  return all.join(',');
}

function portsText(ports: readonly Port[]): string {
  return ports
    .map(({ port, nodePort, protocol = 'TCP' }) =>
      nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
    )
    .join(',');
}

function endpointsText(object: ApiObject): string | undefined {
  const subsets = (object.subsets ?? []) as readonly Subset[];
  const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => addresses.map(({ ip }) => `${ip}:${port}`)),
  );
  if (all.length === 0) return undefined;
  const shown = all.slice(0, SHOWN_ADDRESSES).join(',');
  return all.length > SHOWN_ADDRESSES ? `${shown} + ${all.length - SHOWN_ADDRESSES} more...` : shown;
}
