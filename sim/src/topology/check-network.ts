import {
  addressAt,
  type Cidr,
  cidrContains,
  cidrsOverlap,
  type IpAddress,
  IpError,
  parseAddress,
  parseCidr,
  prefixLengthOf,
  versionOf,
} from '@margay/ip';
import { DEFAULT_BLOCK_SIZE, poolSizeProblem } from '@margay/model';
import { isHostAddress } from './default-topology.ts';
import { DEFAULT_MTU_BYTES, RESERVED } from './defaults.ts';
import { isDnsSubdomain, LABEL_RULE } from './names.ts';
import type { Placed, RawPool, RawRack, RawRouter } from './read.ts';
import type { Cursor, YamlReader } from './reader.ts';
import type { Mode, PoolSpec, Rack, Router } from './types.ts';

/** Racks whose every part is right; what is wrong has been reported. */
export function checkRacks(reader: YamlReader, raw: readonly RawRack[], mtu: number | undefined): Rack[] {
  const seen: { readonly name: string; readonly cidr: Cidr }[] = [];
  checkNames(
    reader,
    'rack',
    raw.map(({ name }) => name),
  );
  return raw.flatMap((rack) => {
    const cidr = readCidr(reader, rack.cidr);
    if (cidr === undefined) return [];
    if (prefixLengthOf(cidr) > 30) {
      reader.report(rack.cidr.at, `${cidr} has no room for a router and a node; use a prefix of at most 30`);
      return [];
    }
    const clash = reservedFor(cidr) ?? seen.find((other) => cidrsOverlap(other.cidr, cidr));
    if (clash !== undefined) {
      const owner = 'owner' in clash ? `${clash.owner} (${clash.cidr})` : `rack ${clash.name} (${clash.cidr})`;
      reader.report(rack.cidr.at, `${cidr} overlaps with ${owner}; give each segment addresses of its own`);
    }
    seen.push({ name: rack.name.text, cidr });
    const gateway = rack.gateway === undefined ? addressAt(cidr, 1) : readAddress(reader, rack.gateway);
    if (gateway === undefined) return [];
    if (rack.gateway && (!cidrContains(cidr, gateway) || !isHostAddress(cidr, gateway))) {
      reader.report(rack.gateway.at, `${gateway} is no host address of ${cidr}; use one such as ${addressAt(cidr, 1)}`);
    }
    return [{ name: rack.name.text, cidr, gateway, mtuBytes: rack.mtu ?? mtu ?? DEFAULT_MTU_BYTES }];
  });
}

/** The routers that were listed, and one of its own for each rack that none of them has. */
export function checkRouters(
  reader: YamlReader,
  raw: readonly RawRouter[],
  { racks, mtuBytes }: { readonly racks: readonly RawRack[]; readonly mtuBytes: number },
): Router[] {
  checkNames(
    reader,
    'router',
    raw.map(({ name }) => name),
  );
  const owner = new Map<string, string>();
  for (const { name, racks: behind } of raw) {
    for (const rack of behind) {
      const other = owner.get(rack.text);
      if (!racks.some((candidate) => candidate.name.text === rack.text)) {
        reader.report(
          rack.at,
          `there is no rack '${rack.text}'; ${known(
            'rack',
            racks.map((r) => r.name.text),
          )}`,
        );
      } else if (other !== undefined) {
        reader.report(rack.at, `rack ${rack.text} is behind router ${other} already; name it once`);
      }
      owner.set(rack.text, name.text);
    }
  }
  const own = racks.filter(({ name }) => !owner.has(name.text));
  return [
    ...raw.map(({ name, racks: behind, mtu }) => ({
      name: name.text,
      racks: behind.map(({ text }) => text),
      mtuBytes: mtu ?? mtuBytes,
    })),
    ...own.map(({ name }) => ({ name: `tor-${name.text}`, racks: [name.text], mtuBytes })),
  ];
}

export function checkPools(
  reader: YamlReader,
  raw: readonly RawPool[],
  context: { readonly mode: Mode; readonly racks: readonly Rack[] },
): PoolSpec[] {
  const seen: { readonly name: string; readonly cidr: Cidr }[] = [];
  checkNames(
    reader,
    'pool',
    raw.map(({ name }) => name),
  );
  return raw.flatMap((pool) => {
    const cidr = readCidr(reader, pool.cidr);
    if (cidr === undefined) return [];
    const blockSize = pool.blockSize?.value ?? DEFAULT_BLOCK_SIZE[4];
    const tooSmall = poolSizeProblem(cidr, blockSize);
    if (tooSmall !== undefined) reader.report(pool.blockSize?.at ?? pool.cidr.at, `${cidr}: ${tooSmall}`);
    const other = seen.find((candidate) => cidrsOverlap(candidate.cidr, cidr));
    if (other) {
      reader.report(
        pool.cidr.at,
        `${cidr} overlaps with pool ${other.name} (${other.cidr}); give each pool addresses of its own`,
      );
    }
    const rack = context.racks.find((candidate) => cidrsOverlap(candidate.cidr, cidr));
    if (rack) {
      reader.report(
        pool.cidr.at,
        `${cidr} overlaps with rack ${rack.name} (${rack.cidr}); pods need addresses that no node has`,
      );
    }
    const reserved = reservedFor(cidr);
    if (reserved) {
      reader.report(
        pool.cidr.at,
        `${cidr} overlaps with ${reserved.owner} (${reserved.cidr}); use a private network such as 10.244.0.0/16`,
      );
    }
    seen.push({ name: pool.name.text, cidr });
    return [
      {
        name: pool.name.text,
        cidr,
        blockSize,
        ipipMode: pool.ipipMode ?? (context.mode === 'encapsulated' ? 'Always' : 'Never'),
        natOutgoing: pool.natOutgoing ?? context.mode === 'encapsulated',
      },
    ];
  });
}

/** Reports names that are no DNS names, and names used twice. */
export function checkNames(reader: YamlReader, what: string, names: readonly Placed[]): void {
  const seen = new Set<string>();
  for (const { text, at } of names) {
    if (!isDnsSubdomain(text)) reader.report(at, `'${text}' cannot be the name of a ${what}; ${LABEL_RULE}`);
    if (seen.has(text)) reader.report(at, `there are two ${what}s named '${text}'; give each a name of its own`);
    seen.add(text);
  }
}

/** `the racks are a, b`, or that there is none. */
export function known(what: string, names: readonly string[]): string {
  if (names.length === 0) return `there is no ${what} at all`;
  return names.length > 8 ? `there are ${names.length} ${what}s` : `the ${what}s are ${names.join(', ')}`;
}

export function readAddress(reader: YamlReader, placed: Placed): IpAddress | undefined {
  return readIp(reader, placed.at, () => parseAddress(placed.text));
}

function readCidr(reader: YamlReader, placed: Placed): Cidr | undefined {
  return readIp(reader, placed.at, () => parseCidr(placed.text));
}

function readIp<T extends string>(reader: YamlReader, at: Cursor, parse: () => T): T | undefined {
  try {
    const value = parse();
    if (versionOf(value) === 4) return value;
    reader.report(at, `${value} is IPv6, which is not there yet in this version; use IPv4`);
  } catch (error) {
    if (!(error instanceof IpError)) throw error;
    reader.report(at, error.message);
  }
  return undefined;
}

function reservedFor(cidr: Cidr): { readonly cidr: Cidr; readonly owner: string } | undefined {
  return RESERVED.find((candidate) => cidrsOverlap(candidate.cidr, cidr));
}
