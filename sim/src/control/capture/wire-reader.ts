import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { spawnChild } from '../../daemon/children.ts';

/** A tcpdump that shows what is on a device, until it is stopped or has enough. */
export interface WireReader {
  readonly output: Readable;
  /** Its exit code; null after a signal. */
  readonly ended: Promise<number | null>;
  /** The end of what it said beside its output. */
  complaint(): string;
  /** Ends the capture; what has been captured is still written. */
  stop(): void;
  kill(): void;
}

export interface WireQuestion {
  readonly device: string;
  /** Options of tcpdump for the form of the output and its end. */
  readonly form: readonly string[];
  readonly filter: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly onListening: () => void;
}

/** Gives the command line that runs a command on the node. */
type OnNode = (command: readonly string[]) => string[];

/** Without names, since nothing in a simulation could answer; packets whole. */
const TCPDUMP = ['tcpdump', '-n', '-s', '0'];

/**
 * Started as root, tcpdump changes its user, to the one that it was built for
 * or to the one named, and gives up when it may not. In the namespaces of an
 * ordinary user no process may, not even to itself: a program of ours then
 * takes the packets, and tcpdump reads them as a user that is not root.
 */
export function readWire(onNode: OnNode, question: WireQuestion): WireReader {
  return mayChangeUser() ? readByTcpdump(onNode, question) : readByTap(onNode, question);
}

/** Source: user_namespaces(7), on /proc/PID/setgroups. */
function mayChangeUser(): boolean {
  return readFileSync('/proc/self/setgroups', 'utf8').trim() !== 'deny';
}

function readByTcpdump(onNode: OnNode, { device, form, filter, env, onListening }: WireQuestion): WireReader {
  const live = ['-Z', 'root', '--immediate-mode', '-i', device];
  const child = start(onNode([...TCPDUMP, ...live, ...form, ...filter]), env, 'ignore');
  const complaint = collect(child.stderr, onListening);
  return {
    ...reading(child),
    complaint,
    stop: () => void child.kill('SIGINT'),
    kill: () => void child.kill('SIGKILL'),
  };
}

function readByTap(onNode: OnNode, { device, form, filter, env, onListening }: WireQuestion): WireReader {
  const tap = start(onNode([process.execPath, join(import.meta.dirname, 'packet-tap.ts'), device]), env, 'ignore');
  const anyone = ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'];
  const reader = start([...anyone, ...TCPDUMP, '-r', '-', ...form, ...filter], env, 'pipe');
  const ofTap = collect(tap.stderr, onListening);
  const ofReader = collect(reader.stderr, () => undefined);
  if (tap.stdout !== null && reader.stdin !== null) {
    // The reader ends first when it has enough.
    reader.stdin.on('error', () => undefined);
    tap.stdout.pipe(reader.stdin);
  }
  const end = (): void => void tap.kill('SIGKILL');
  reader.once('exit', end);
  return {
    ...reading(reader),
    // A tap that fails leaves the reader with an empty file to complain of.
    complaint: () => (tap.exitCode ? ofTap() : ofReader()),
    stop: end,
    kill: () => {
      end();
      reader.kill('SIGKILL');
    },
  };
}

function start(command: string[], env: Readonly<Record<string, string>>, stdin: 'ignore' | 'pipe'): ChildProcess {
  const options: SpawnOptions = { cwd: '/', env: { ...env }, stdio: [stdin, 'pipe', 'pipe'] };
  return spawnChild(command, options);
}

function reading(child: ChildProcess): Pick<WireReader, 'output' | 'ended'> {
  if (child.stdout === null) throw new TypeError('the output of tcpdump must be a pipe');
  const ended = (once(child, 'close') as Promise<[number | null]>).then(([code]) => code);
  // Awaited only after the output has been read.
  ended.catch(() => undefined);
  return { output: child.stdout, ended };
}

function collect(stream: Readable | null, onListening: () => void): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-4_096);
    if (chunk.includes('listening on')) onListening();
  });
  return () => text;
}
