import type { Cidr } from '@margay/ip';
import { fnv64Hex } from './hash.ts';

/** Longest name of a Kubernetes object. Source: Kubernetes, Object Names and IDs (DNS subdomain, RFC 1123). */
const NAME_MAX_LENGTH = 253;

/** `10.8.1.0/26` is `10-8-1-0-26`. */
export function blockName(cidr: Cidr): string {
  return cidr.replaceAll(/[.:/]+/g, '-');
}

/** `<node>-<block name>`; long node names are cut and told apart by a hash. */
export function affinityName(node: string, cidr: Cidr): string {
  return fitName(`${node}-${blockName(cidr)}`);
}

/** The handle of a node's IP-in-IP tunnel address. */
export function ipipTunnelHandle(node: string): string {
  return `ipip-tunnel-addr-${node}`;
}

/** The handle of a container's address. */
export function podHandle(containerId: string): string {
  return `margay.${containerId}`;
}

/** The handle of the addresses that are kept ready for a node's next pods. */
export function reserveHandle(node: string): string {
  return `reserve-${node}`;
}

function fitName(text: string): string {
  if (
    text.length <= NAME_MAX_LENGTH &&
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text)
  ) {
    return text;
  }
  const readable = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, NAME_MAX_LENGTH - 17);
  return `${readable}-${fnv64Hex(text)}`.replace(/^-+/, '');
}
