import { type Cidr, compareCidrs, IpError, parseInterfaceAddress, subtractCidrs } from '@margay/ip';
import { compileLabelSelector, EVERYTHING, type Selector, SelectorError } from '@margay/selector';
import { cidrSetSource, podSetSource, type SetSource } from '../set-source.ts';
import { isAbsent, isFields, quoted, type Report } from './report.ts';

interface Context {
  readonly path: string;
  /** The policy's own, which a peer without namespaceSelector means. */
  readonly namespace: string;
  readonly report: Report;
}

/** The sets of a rule's peers, one each; undefined when any peer matches: absent or empty. */
export function readPeers(peers: unknown, { path, namespace, report }: Context): SetSource[] | undefined {
  if (isAbsent(peers)) return undefined;
  if (!Array.isArray(peers)) {
    report.refuse(path, 'The peers must be a list.');
    return undefined;
  }
  if (peers.length === 0) return undefined;
  return peers.flatMap(
    (peer: unknown, index) => readPeer(peer, { path: `${path}[${index}]`, namespace, report }) ?? [],
  );
}

const PEER_FIELDS = ['podSelector', 'namespaceSelector', 'ipBlock'];

function readPeer(peer: unknown, { path, namespace, report }: Context): SetSource | undefined {
  if (!isFields(peer)) {
    report.refuse(path, 'A peer must be an object.');
    return undefined;
  }
  for (const field of Object.keys(peer)) {
    if (!PEER_FIELDS.includes(field)) {
      report.refuse(`${path}.${field}`, `Margay does not know the field '${field}' of a peer.`);
    }
  }
  const { podSelector, namespaceSelector, ipBlock } = peer;
  const hasSelector = !isAbsent(podSelector) || !isAbsent(namespaceSelector);
  if (isAbsent(ipBlock) ? !hasSelector : hasSelector) {
    report.refuse(path, 'A peer must have either an ipBlock, or a podSelector, a namespaceSelector or both of them.');
    return undefined;
  }
  if (!isAbsent(ipBlock)) return readIpBlock(ipBlock, `${path}.ipBlock`, report);
  const pods = readSelector(podSelector, `${path}.podSelector`, report);
  if (isAbsent(namespaceSelector)) return podSetSource({ kind: 'named', name: namespace }, pods);
  const selector = readSelector(namespaceSelector, `${path}.namespaceSelector`, report);
  return podSetSource({ kind: 'selected', selector }, pods);
}

/** An absent podSelector next to a namespaceSelector means all pods there. */
function readSelector(selector: unknown, path: string, report: Report): Selector {
  try {
    return isAbsent(selector) ? EVERYTHING : compileLabelSelector(selector, path);
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
    report.refuse(error.path, `The selector is not understood: ${error.message}.`);
    return EVERYTHING;
  }
}

function readIpBlock(block: unknown, path: string, report: Report): SetSource | undefined {
  if (!isFields(block)) {
    report.refuse(path, 'An ipBlock must be an object.');
    return undefined;
  }
  for (const field of Object.keys(block)) {
    if (field !== 'cidr' && field !== 'except') {
      report.refuse(`${path}.${field}`, `Margay does not know the field '${field}' of an ipBlock.`);
    }
  }
  const cidr = readCidr(block.cidr, `${path}.cidr`, report);
  const excepts = readExcepts(block.except, `${path}.except`, report);
  return cidr && cidrSetSource(subtractCidrs(cidr, excepts).sort(compareCidrs));
}

function readExcepts(except: unknown, path: string, report: Report): Cidr[] {
  if (isAbsent(except)) return [];
  if (!Array.isArray(except)) {
    report.refuse(path, 'The exceptions must be a list.');
    return [];
  }
  return except.flatMap((text: unknown, index) => readCidr(text, `${path}[${index}]`, report) ?? []);
}

/** An address inside the network stands for the network, as in Kubernetes. */
function readCidr(text: unknown, path: string, report: Report): Cidr | undefined {
  try {
    if (typeof text === 'string') return parseInterfaceAddress(text).network;
  } catch (error) {
    if (!(error instanceof IpError)) throw error;
  }
  report.refuse(path, `${quoted(text)} is not a CIDR: write it as 192.0.2.0/24 or 2001:db8::/64.`);
  return undefined;
}
