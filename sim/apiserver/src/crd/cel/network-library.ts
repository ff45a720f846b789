import type { Environment } from '@marcbachmann/cel-js';
import {
  addressValue,
  cidrContains,
  type IpAddress,
  networkAddress,
  parseAddress,
  parseCidr,
  parseInterfaceAddress,
  versionOf,
} from '@margay/ip';

/** The type `net.IP` of rules. */
class RuleIp {
  readonly address: IpAddress;

  constructor(address: IpAddress) {
    this.address = address;
  }
}

/** The type `net.CIDR` of rules: unlike Margay's own, it may have bits beyond its prefix. */
class RuleCidr {
  readonly address: IpAddress;
  readonly prefixLength: number;

  constructor(address: IpAddress, prefixLength: number) {
    this.address = address;
    this.prefixLength = prefixLength;
  }

  toString(): string {
    return `${this.address}/${this.prefixLength}`;
  }
}

const LOOPBACK = [parseCidr('127.0.0.0/8'), parseCidr('::1/128')];
const LINK_LOCAL_UNICAST = [parseCidr('169.254.0.0/16'), parseCidr('fe80::/10')];
const LINK_LOCAL_MULTICAST = [parseCidr('224.0.0.0/24'), parseCidr('ff02::/16')];
const MULTICAST = [parseCidr('224.0.0.0/4'), parseCidr('ff00::/8')];
const BROADCAST = parseAddress('255.255.255.255');

/**
 * Adds the functions for addresses and networks that Kubernetes gives to rules.
 * Source: Kubernetes, "Common Expression Language in Kubernetes", IP address
 * and CIDR libraries.
 */
export function addNetworkLibrary(environment: Environment): void {
  environment.registerType('net.IP', { ctor: RuleIp, fields: {} });
  environment.registerType('net.CIDR', { ctor: RuleCidr, fields: {} });
  addIpFunctions(environment);
  addCidrFunctions(environment);
}

function addIpFunctions(environment: Environment): void {
  const isIn = (networks: readonly ReturnType<typeof parseCidr>[], { address }: RuleIp): boolean =>
    networks.some((network) => cidrContains(network, address));
  const isUnspecified = ({ address }: RuleIp): boolean => addressValue(address) === 0n;
  environment
    .registerFunction('ip(string): net.IP', toIp)
    .registerFunction('isIP(string): bool', (text: string) => succeeds(() => toIp(text)))
    .registerFunction('string(net.IP): string', ({ address }: RuleIp) => address)
    .registerFunction('net.IP.family(): int', ({ address }: RuleIp) => BigInt(versionOf(address)))
    .registerFunction('net.IP.isUnspecified(): bool', isUnspecified)
    .registerFunction('net.IP.isLoopback(): bool', (ip: RuleIp) => isIn(LOOPBACK, ip))
    .registerFunction('net.IP.isLinkLocalUnicast(): bool', (ip: RuleIp) => isIn(LINK_LOCAL_UNICAST, ip))
    .registerFunction('net.IP.isLinkLocalMulticast(): bool', (ip: RuleIp) => isIn(LINK_LOCAL_MULTICAST, ip))
    .registerFunction(
      'net.IP.isGlobalUnicast(): bool',
      (ip: RuleIp) =>
        !isUnspecified(ip) && ip.address !== BROADCAST && !isIn([...LOOPBACK, ...LINK_LOCAL_UNICAST, ...MULTICAST], ip),
    )
    .registerOperator('net.IP == net.IP', (a: RuleIp, b: RuleIp) => a.address === b.address);
}

function addCidrFunctions(environment: Environment): void {
  const networkOf = (cidr: RuleCidr): ReturnType<typeof parseCidr> => parseInterfaceAddress(`${cidr}`).network;
  const containsIp = (cidr: RuleCidr, { address }: RuleIp): boolean => cidrContains(networkOf(cidr), address);
  const containsCidr = (cidr: RuleCidr, inner: RuleCidr): boolean => cidrContains(networkOf(cidr), networkOf(inner));
  environment
    .registerFunction('cidr(string): net.CIDR', toCidr)
    .registerFunction('isCIDR(string): bool', (text: string) => succeeds(() => toCidr(text)))
    .registerFunction('string(net.CIDR): string', (cidr: RuleCidr) => `${cidr}`)
    .registerFunction('net.CIDR.ip(): net.IP', ({ address }: RuleCidr) => new RuleIp(address))
    .registerFunction('net.CIDR.prefixLength(): int', ({ prefixLength }: RuleCidr) => BigInt(prefixLength))
    .registerFunction(
      'net.CIDR.masked(): net.CIDR',
      (cidr: RuleCidr) => new RuleCidr(networkAddress(networkOf(cidr)), cidr.prefixLength),
    )
    .registerFunction('net.CIDR.containsIP(net.IP): bool', containsIp)
    .registerFunction('net.CIDR.containsIP(string): bool', (cidr: RuleCidr, text: string) =>
      containsIp(cidr, toIp(text)),
    )
    .registerFunction('net.CIDR.containsCIDR(net.CIDR): bool', containsCidr)
    .registerFunction('net.CIDR.containsCIDR(string): bool', (cidr: RuleCidr, text: string) =>
      containsCidr(cidr, toCidr(text)),
    )
    .registerOperator('net.CIDR == net.CIDR', (a: RuleCidr, b: RuleCidr) => `${a}` === `${b}`);
}

/** @throws {Error} not an address, or an IPv4 address written as IPv6 */
function toIp(text: string): RuleIp {
  return new RuleIp(refuseMapped(parseAddress(text), text));
}

/** @throws {Error} no address with a prefix length, or an IPv4 network written as IPv6 */
function toCidr(text: string): RuleCidr {
  const { address, prefixLength } = parseInterfaceAddress(text);
  return new RuleCidr(refuseMapped(address, text), prefixLength);
}

function refuseMapped(address: IpAddress, text: string): IpAddress {
  if (versionOf(address) === 6 && addressValue(address) >> 32n === 0xffffn) {
    throw new Error(`IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`);
  }
  return address;
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
