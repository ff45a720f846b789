import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import { promisify } from 'node:util';
import { requireOwnNamespaces } from '@margay/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Listener } from '../listeners/listener.ts';
import { listenStreamEcho } from '../listeners/stream-echo.ts';
import { listenUdpEcho } from '../listeners/udp-echo.ts';
import { MessageBuffer } from '../native/message.ts';
import { createNamedNamespace, NetworkNamespace, removeNamedNamespace } from '../native/namespace.ts';
import { Reactor } from '../native/reactor.ts';
import type { SocketProtocol } from '../native/socket.ts';
import { Prober } from './prober.ts';

requireOwnNamespaces();

const run = promisify(execFile);
const ip = (...args: string[]): void => void execFileSync('ip', args);

/** Two pods, joined by a veth pair; the second has a second address. */
describe('Prober', () => {
  const message = new MessageBuffer();
  const listeners: Listener[] = [];
  let reactor: Reactor;
  let prober: Prober;
  let client: NetworkNamespace;
  let server: NetworkNamespace;

  beforeAll(() => {
    mkdirSync('/run/netns', { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', '/run/netns']);
    ip('link', 'set', 'lo', 'up');
    createNamedNamespace('/run/netns/probe-client');
    createNamedNamespace('/run/netns/probe-server');
    ip('link', 'add', 'va', 'netns', 'probe-client', 'type', 'veth', 'peer', 'name', 'vb', 'netns', 'probe-server');
    ip('-n', 'probe-client', 'addr', 'add', '192.0.2.1/24', 'dev', 'va');
    ip('-n', 'probe-server', 'addr', 'add', '192.0.2.2/24', 'dev', 'vb');
    ip('-n', 'probe-server', 'addr', 'add', '192.0.2.3/24', 'dev', 'vb');
    ip('-n', 'probe-client', 'link', 'set', 'va', 'up');
    ip('-n', 'probe-server', 'link', 'set', 'vb', 'up');
    client = NetworkNamespace.open('/run/netns/probe-client');
    server = NetworkNamespace.open('/run/netns/probe-server');
    reactor = new Reactor();
    prober = new Prober({ reactor, message });
    for (const port of [7001, 7002, 7003]) {
      listeners.push(listenUdpEcho(port, { namespace: server, reactor, message }));
      listeners.push(listenStreamEcho(port, { namespace: server, reactor, protocol: 'tcp', name: 'default/b' }));
    }
    const rules = [
      'table ip probe-test {',
      '  chain in { type filter hook input priority 0;',
      '    tcp dport 7002 drop',
      '    udp dport 7002 drop',
      '    tcp dport 7003 reject with icmp admin-prohibited',
      '    udp dport 7003 reject with icmp admin-prohibited',
      '    tcp dport 7004 reject with icmp host-unreachable',
      '  }',
      '}',
    ];
    execFileSync('ip', ['netns', 'exec', 'probe-server', 'nft', '-f', '-'], { input: rules.join('\n') });
  });

  afterAll(() => {
    for (const listener of listeners) listener.close();
    reactor.close();
    client.close();
    server.close();
    removeNamedNamespace('/run/netns/probe-client');
    removeNamedNamespace('/run/netns/probe-server');
    execFileSync('umount', ['/run/netns']);
  });

  const probe = async (
    protocol: SocketProtocol,
    port: number,
    address = '192.0.2.2',
    timeoutMs = 1000,
  ): Promise<string> => {
    const { allowed, reason, rttMs } = await prober.probe({ namespace: client, protocol, address, port, timeoutMs });
    expect(rttMs).toBeGreaterThan(0);
    return `${allowed ? 'allowed' : 'denied'}: ${reason}`;
  };

  it.each([
    { protocol: 'tcp', port: 7001, outcome: 'allowed: connected' },
    { protocol: 'tcp', port: 7009, outcome: 'denied: refused' },
    { protocol: 'tcp', port: 7002, outcome: 'denied: timeout', timeoutMs: 300 },
    { protocol: 'tcp', port: 7003, outcome: 'denied: administratively prohibited' },
    { protocol: 'tcp', port: 7004, outcome: 'denied: host unreachable' },
    { protocol: 'udp', port: 7001, outcome: 'allowed: replied' },
    { protocol: 'udp', port: 7009, outcome: 'denied: refused' },
    { protocol: 'udp', port: 7002, outcome: 'denied: timeout', timeoutMs: 300 },
    { protocol: 'udp', port: 7003, outcome: 'denied: administratively prohibited' },
    { protocol: 'icmp', port: 0, outcome: 'allowed: replied' },
    { protocol: 'tcp', port: 7001, address: '198.51.100.1', outcome: 'denied: network unreachable' },
    { protocol: 'udp', port: 7001, address: '198.51.100.1', outcome: 'denied: network unreachable' },
    { protocol: 'icmp', port: 0, address: '198.51.100.1', outcome: 'denied: network unreachable' },
  ] as const)('$protocol to port $port: $outcome', async (row) => {
    const { protocol, port, outcome } = row;
    const address = 'address' in row ? row.address : undefined;
    expect(await probe(protocol, port, address, 'timeoutMs' in row ? row.timeoutMs : undefined)).toBe(outcome);
  });

  it('answers udp from the address that was asked', async () => {
    // The probe's socket is connected: an answer from another address is not taken.
    expect(await probe('udp', 7001, '192.0.2.3')).toBe('allowed: replied');
  });

  it.each(['tcp', 'udp', 'icmp'] as const)('runs 200 %s probes at once', async (protocol) => {
    const results = await Promise.all(Array.from({ length: 200 }, () => probe(protocol, 7001, undefined, 10_000)));
    expect(new Set(results)).toEqual(new Set([protocol === 'tcp' ? 'allowed: connected' : 'allowed: replied']));
  });

  it('runs more probes than it has in flight at once', async () => {
    const results = await Promise.all(Array.from({ length: 1500 }, () => probe('tcp', 7001, undefined, 10_000)));
    expect(new Set(results)).toEqual(new Set(['allowed: connected']));
    const { stdout } = await run('ip', ['netns', 'exec', 'probe-client', 'ss', '-H', '-t', '-a', 'state', 'time-wait']);
    expect(stdout).toBe('');
  });

  it('echoes a stream, and answers HTTP with the name of the pod', async () => {
    const own = listenStreamEcho(7005, {
      namespace: NetworkNamespace.own(),
      reactor,
      protocol: 'tcp',
      name: 'default/b',
    });
    try {
      expect(await exchange('hello\n')).toBe('hello\n');
      expect(await exchange('GO ON')).toBe('GO ON');
      expect(await exchange('GET / HTTP/1.1\r\nHost: b\r\n\r\n')).toMatch(
        /^HTTP\/1.1 200 OK\r\n[\s\S]*\r\n\r\ndefault\/b\n$/,
      );
    } finally {
      own.close();
    }
  });
});

/** Sends, closes its side, and reads until the other side closes. */
async function exchange(text: string): Promise<string> {
  const socket = createConnection({ port: 7005, host: '127.0.0.1' });
  socket.end(text);
  let answer = '';
  for await (const bytes of socket) answer += String(bytes);
  return answer;
}
