import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { listenStreamEcho } from '../listeners/stream-echo.ts';
import { listenUdpEcho } from '../listeners/udp-echo.ts';
import { MessageBuffer } from '../native/message.ts';
import { createNamedNamespace, NetworkNamespace } from '../native/namespace.ts';
import { Reactor } from '../native/reactor.ts';
import { Prober } from '../probe/prober.ts';

// Probes per second of one process, which also serves them, over one veth
// pair. Run it in namespaces of its own:
//   unshare -nm --propagation private node sim/src/nodes/bench/probes.ts

const PROBES = 10_000;
const TCP_PORT = 7001;
const UDP_PORT = 7002;

function ip(...args: string[]): void {
  execFileSync('ip', args);
}

function namespaceAt(name: string): NetworkNamespace {
  const path = `/run/netns/${name}`;
  createNamedNamespace(path);
  return NetworkNamespace.open(path);
}

execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', '/run']);
const client = namespaceAt('client');
const server = namespaceAt('server');
ip('link', 'add', 'va', 'netns', 'client', 'type', 'veth', 'peer', 'name', 'vb', 'netns', 'server');
for (const [name, device, address] of [
  ['client', 'va', '192.0.2.1/24'],
  ['server', 'vb', '192.0.2.2/24'],
] as const) {
  ip('-n', name, 'addr', 'add', address, 'dev', device);
  ip('-n', name, 'link', 'set', device, 'up');
}

const reactor = new Reactor();
const message = new MessageBuffer();
const prober = new Prober({ reactor, message });
listenStreamEcho(TCP_PORT, { namespace: server, reactor, protocol: 'tcp', name: 'bench' });
listenUdpEcho(UDP_PORT, { namespace: server, reactor, message });

for (const protocol of ['tcp', 'udp', 'icmp'] as const) {
  const port = protocol === 'udp' ? UDP_PORT : TCP_PORT;
  const spec = { namespace: client, protocol, address: '192.0.2.2', port, timeoutMs: 5000 };
  const startedMs = performance.now();
  const outcomes = await Promise.all(Array.from({ length: PROBES }, () => prober.probe(spec)));
  const seconds = (performance.now() - startedMs) / 1000;
  const result = {
    protocol,
    probesPerSecond: Math.round(PROBES / seconds),
    denied: outcomes.filter(({ allowed }) => !allowed).length,
    slowestMs: Math.round(Math.max(...outcomes.map(({ rttMs }) => rttMs))),
    load: loadavg()[0],
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
process.exit(0);
