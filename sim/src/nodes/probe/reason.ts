import { errnoName } from '../native/libc.ts';
import type { QueuedError } from '../native/message.ts';
import type { SocketProtocol } from '../native/socket.ts';

/** What one connection met. */
export interface ProbeOutcome {
  readonly allowed: boolean;
  /** `connected`, `replied`, `refused`, `timeout`, or the error in plain words. */
  readonly reason: string;
  readonly rttMs: number;
}

/** ICMP type 3 codes in words. Source: RFC 792, RFC 1122 §3.2.2.1, RFC 1812 §5.2.7.1. */
const UNREACHABLE: Readonly<Record<number, string>> = {
  0: 'network unreachable',
  1: 'host unreachable',
  2: 'protocol unreachable',
  3: 'port unreachable',
  4: 'fragmentation needed',
  9: 'network administratively prohibited',
  10: 'host administratively prohibited',
  13: 'administratively prohibited',
};

const LOCAL: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ENETUNREACH: 'network unreachable',
  EHOSTUNREACH: 'host unreachable',
  ETIMEDOUT: 'timeout',
  EACCES: 'not permitted on this node',
  EPERM: 'not permitted on this node',
  EINVAL: 'not a usable address',
  EMSGSIZE: 'packet too large',
  EADDRNOTAVAIL: 'no free local port',
  EPROTONOSUPPORT: 'protocol not supported by this kernel',
  ESOCKTNOSUPPORT: 'protocol not supported by this kernel',
};

/**
 * Why a probe failed, in words. An ICMP error says more than the number that
 * the socket reports: code 13 and code 1 are both EHOSTUNREACH there.
 *
 * A udp port that nobody listens on answers with an ICMP error: `refused`, as
 * for tcp. An ICMP port error for tcp comes from a packet filter.
 */
export function failureReason(protocol: SocketProtocol, errno: number, queued: QueuedError | undefined): string {
  if (queued?.origin === 'icmp') {
    if (queued.icmpType === 11) return 'time to live exceeded';
    if (queued.icmpType === 3 && queued.icmpCode === 3 && protocol === 'udp') return 'refused';
    if (queued.icmpType === 3) return UNREACHABLE[queued.icmpCode] ?? `unreachable (ICMP code ${queued.icmpCode})`;
    return `ICMP type ${queued.icmpType} code ${queued.icmpCode}`;
  }
  const name = errnoName(queued?.errno ?? errno);
  return LOCAL[name] ?? name;
}
