import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createConnection } from 'node:net';

// A program: makes one real connection to each target, all at once, and prints
// what each met, as JSON. Runs in the network that it is started in.
//   probe.ts TIMEOUT_MS '[{"address":"192.0.2.1","port":80,"protocol":"tcp"}, …]'

interface Target {
  readonly address: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
}

interface Outcome {
  readonly allowed: boolean;
  /** `connected`, `replied`, `refused`, `timeout`, or the error in plain words. */
  readonly reason: string;
}

/** A datagram is sent this often within the timeout: a lost one is not a verdict. */
const DATAGRAM_TRIES = 3;

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ENETUNREACH: 'network unreachable',
  EHOSTUNREACH: 'host unreachable',
  ETIMEDOUT: 'timeout',
  EPERM: 'not permitted on this node',
  EACCES: 'not permitted on this node',
};

const timeoutMs = Number(process.argv[2]);
const targets = JSON.parse(process.argv[3] ?? '[]') as Target[];
const outcomes = await Promise.all(targets.map(probe));
process.stdout.write(JSON.stringify(outcomes));

function probe(target: Target): Promise<Outcome> {
  switch (target.protocol) {
    case 'tcp':
      return connect(target);
    case 'udp':
      return ask(target);
    case 'icmp':
      return ping(target);
  }
}

function connect({ address, port }: Target): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: address, port });
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer);
      // A reset leaves nothing waiting in the kernel; of a socket that still connects it would wait for the connection.
      if (socket.connecting) socket.destroy();
      else socket.resetAndDestroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => settle({ allowed: false, reason: 'timeout' }), timeoutMs);
    socket.on('connect', () => settle({ allowed: true, reason: 'connected' }));
    socket.on('error', (error: NodeJS.ErrnoException) => settle({ allowed: false, reason: reasonOf(error) }));
  });
}

/** The answer need not be an echo: the witness tells a source. A connected socket takes answers of its target alone. */
function ask({ address, port }: Target): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const timers: NodeJS.Timeout[] = [];
    const settle = (outcome: Outcome): void => {
      for (const timer of timers) clearTimeout(timer);
      socket.removeAllListeners().on('error', () => undefined);
      socket.close();
      resolve(outcome);
    };
    const fail = (error: NodeJS.ErrnoException): void => settle({ allowed: false, reason: reasonOf(error) });
    const send = (): void => {
      socket.send('probe', (error) => {
        if (error) fail(error);
      });
    };
    socket.on('error', fail);
    socket.on('message', () => settle({ allowed: true, reason: 'replied' }));
    socket.connect(port, address, () => {
      send();
      for (let attempt = 1; attempt < DATAGRAM_TRIES; attempt += 1) {
        timers.push(setTimeout(send, (timeoutMs * attempt) / DATAGRAM_TRIES));
      }
    });
    timers.push(setTimeout(() => settle({ allowed: false, reason: 'timeout' }), timeoutMs));
  });
}

/** By the system's own ping: its answers are told apart by their words. Source: iputils' ping.c. */
function ping({ address }: Target): Promise<Outcome> {
  const seconds = String(timeoutMs / 1_000);
  return new Promise((resolve) => {
    execFile('ping', ['-n', '-c', '1', '-W', seconds, address], (error, stdout, stderr) => {
      if (!error) resolve({ allowed: true, reason: 'replied' });
      else if (/prohibited|filtered/i.test(stdout)) resolve({ allowed: false, reason: 'administratively prohibited' });
      else if (/unreachable/i.test(stdout + stderr)) resolve({ allowed: false, reason: 'host unreachable' });
      else if (/0 received/.test(stdout)) resolve({ allowed: false, reason: 'timeout' });
      else resolve({ allowed: false, reason: stderr.trim() || error.message });
    });
  });
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  return REASONS[code ?? ''] ?? message;
}
