import type { PortMatch, TransportProtocol } from '@margay/feed-core';
import { type Fields, isAbsent, isFields, quoted, type Report } from './report.ts';

const PROTOCOLS: Readonly<Record<string, TransportProtocol>> = { TCP: 'tcp', UDP: 'udp', SCTP: 'sctp' };
const PORT_FIELDS = ['protocol', 'port', 'endPort'];

interface Context {
  readonly path: string;
  readonly report: Report;
}

/** The ports of a rule; undefined when every port of every protocol matches: absent or empty. */
export function readPorts(ports: unknown, { path, report }: Context): PortMatch[] | undefined {
  if (isAbsent(ports)) return undefined;
  if (!Array.isArray(ports)) {
    report.refuse(path, 'The ports must be a list.');
    return undefined;
  }
  if (ports.length === 0) return undefined;
  const matches = new Map<string, PortMatch>();
  for (const [index, port] of ports.entries()) {
    const match = readPort(port, `${path}[${index}]`, report);
    if (match) matches.set(`${match.protocol} ${match.port ?? ''}`, match);
  }
  return [...matches.values()];
}

/** Undefined when the entry allows nothing. */
function readPort(entry: unknown, path: string, report: Report): PortMatch | undefined {
  if (!isFields(entry)) {
    report.refuse(path, 'A port must be an object.');
    return undefined;
  }
  for (const field of Object.keys(entry)) {
    if (!PORT_FIELDS.includes(field)) {
      report.refuse(`${path}.${field}`, `Margay does not know the field '${field}' of a port.`);
    }
  }
  const protocol = readProtocol(entry.protocol, `${path}.protocol`, report);
  const { port } = entry;
  if (isAbsent(port)) {
    if (!isAbsent(entry.endPort)) {
      report.refuse(`${path}.endPort`, 'The endPort needs a port beside it.');
      return undefined;
    }
    return protocol && { protocol };
  }
  if (typeof port === 'string') {
    report.note(`${path}.port`, `Margay does not know port names yet: the port ${quoted(port)} allows nothing.`);
    return undefined;
  }
  if (!isPortNumber(port)) {
    report.refuse(`${path}.port`, `${quoted(port)} is not a port: use a number from 1 to 65535.`);
    return undefined;
  }
  noteEndPort(entry, { path, report, port });
  return protocol && { protocol, port };
}

function noteEndPort(entry: Fields, { path, report, port }: Context & { readonly port: number }): void {
  if (isAbsent(entry.endPort)) return;
  report.note(
    `${path}.endPort`,
    `Margay does not know port ranges yet: of the range up to ${quoted(entry.endPort)}, only port ${port} counts.`,
  );
}

/** TCP where absent. */
function readProtocol(protocol: unknown, path: string, report: Report): TransportProtocol | undefined {
  if (isAbsent(protocol)) return 'tcp';
  const known = typeof protocol === 'string' && Object.hasOwn(PROTOCOLS, protocol) ? PROTOCOLS[protocol] : undefined;
  if (known === undefined) {
    report.refuse(path, `${quoted(protocol)} is not a protocol that Margay knows: use TCP, UDP or SCTP.`);
  }
  return known;
}

function isPortNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535;
}
