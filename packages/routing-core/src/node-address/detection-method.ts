import { type Cidr, parseCidr, versionOf } from '@margay/ip';
import { RoutingError } from '../error.ts';

/** How a node finds its own address among those of its interfaces. */
export type DetectionMethod =
  | { readonly kind: 'kubernetes-internal-ip' }
  | { readonly kind: 'first-found' }
  | { readonly kind: 'interface'; readonly patterns: readonly RegExp[] }
  | { readonly kind: 'cidr'; readonly cidrs: readonly Cidr[] };

const USABLE = 'kubernetes-internal-ip, first-found, interface=REGEX[,REGEX…] or cidr=CIDR[,CIDR…]';

/** Calico's, which are not built here. */
const LATER = ['skip-interface', 'can-reach'];

/**
 * Reads a method as Calico's `IP_AUTODETECTION_METHOD` has it. Regular
 * expressions match anywhere in an interface's name, unless they are anchored.
 *
 * @throws {RoutingError} `UNKNOWN_METHOD`, and the message says which there are
 */
export function parseDetectionMethod(text: string): DetectionMethod {
  const equals = text.indexOf('=');
  const name = equals === -1 ? text : text.slice(0, equals);
  const list = equals === -1 ? [] : text.slice(equals + 1).split(',');
  switch (name) {
    case 'kubernetes-internal-ip':
    case 'first-found':
      if (equals !== -1) throw refused(text, `${name} takes no value`);
      return { kind: name };
    case 'interface':
      return { kind: 'interface', patterns: values(text, list, 'eth1').map((value) => patternOf(text, value)) };
    case 'cidr':
      return { kind: 'cidr', cidrs: values(text, list, '192.0.2.0/24').map((value) => cidrOf(text, value)) };
    default:
      if (LATER.includes(name)) throw refused(text, `${name} is not supported yet; use ${USABLE}`);
      throw refused(text, `there is no such method; use ${USABLE}`);
  }
}

function values(method: string, list: readonly string[], example: string): readonly string[] {
  const name = method.split('=')[0];
  if (list.length === 0 || list.includes('')) throw refused(method, `a value is missing; write ${name}=${example}`);
  return list;
}

function patternOf(method: string, text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw refused(method, `'${text}' is not a regular expression; write interface=^eth1$`);
  }
}

function cidrOf(method: string, text: string): Cidr {
  let cidr: Cidr;
  try {
    cidr = parseCidr(text);
  } catch {
    throw refused(method, `'${text}' is not a network; write cidr=192.0.2.0/24`);
  }
  if (versionOf(cidr) === 6) throw refused(method, `'${text}' is IPv6, which is not supported yet`);
  return cidr;
}

function refused(method: string, why: string): RoutingError {
  return new RoutingError('UNKNOWN_METHOD', `interface detection method '${method}': ${why}`);
}
