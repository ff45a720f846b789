import { describe, expect, it } from 'vitest';
import { ERRNO } from '../native/libc.ts';
import { failureReason } from './reason.ts';

const errno = (name: string): number => ERRNO[name] ?? 0;
const icmp = (icmpType: number, icmpCode: number) => ({
  errno: errno('EHOSTUNREACH'),
  origin: 'icmp' as const,
  icmpType,
  icmpCode,
});

describe('failureReason', () => {
  it.each([
    { protocol: 'tcp', error: 'ECONNREFUSED', queued: undefined, reason: 'refused' },
    { protocol: 'udp', error: 'ECONNREFUSED', queued: icmp(3, 3), reason: 'refused' },
    { protocol: 'tcp', error: 'ECONNREFUSED', queued: icmp(3, 3), reason: 'port unreachable' },
    { protocol: 'tcp', error: 'EHOSTUNREACH', queued: icmp(3, 13), reason: 'administratively prohibited' },
    { protocol: 'tcp', error: 'EHOSTUNREACH', queued: icmp(3, 1), reason: 'host unreachable' },
    { protocol: 'udp', error: 'EHOSTUNREACH', queued: icmp(11, 0), reason: 'time to live exceeded' },
    { protocol: 'udp', error: 'EPERM', queued: undefined, reason: 'not permitted on this node' },
    { protocol: 'icmp', error: 'ENETUNREACH', queued: undefined, reason: 'network unreachable' },
    { protocol: 'tcp', error: 'EPROTO', queued: undefined, reason: 'EPROTO' },
  ] as const)('$protocol $error: $reason', ({ protocol, error, queued, reason }) => {
    expect(failureReason(protocol, errno(error), queued)).toBe(reason);
  });
});
