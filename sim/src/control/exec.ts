import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { CallError, type MessageWriter, type simV1 } from '@margay/wire';
import { spawnChild } from '../daemon/children.ts';
import type { Places } from './places.ts';

/** How long a command has to end after its caller has gone, milliseconds. */
const GRACE_MS = 2_000;

/** Runs one command for its caller: input, output, signals and exit code go through. */
export async function runExec(
  places: Places,
  inputs: AsyncIterable<simV1.ExecInput>,
  writer: MessageWriter<simV1.ExecOutputInput>,
  context: { readonly signal: AbortSignal; readonly env: Readonly<Record<string, string>> },
): Promise<void> {
  const messages = inputs[Symbol.asyncIterator]();
  const first = await messages.next();
  const start = first.done ? undefined : first.value.start;
  if (!start) throw new CallError('INVALID_ARGUMENT', 'the first message must say what to run');
  if (start.command.length === 0) throw new CallError('INVALID_ARGUMENT', 'there is no command: write it after --');
  const command = await places.on(start.target, start.command);
  const child = spawnChild(command, { cwd: '/', env: { ...context.env }, stdio: 'pipe', detached: true });
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const abort = (): void => endGroup(child);
  context.signal.addEventListener('abort', abort, { once: true });
  try {
    const feeding = feed(child, messages);
    feeding.catch(() => undefined);
    await Promise.all([
      forward(child.stdout, (stdout) => writer.write({ stdout })),
      forward(child.stderr, (stderr) => writer.write({ stderr })),
    ]);
    const [code, signal] = await ended;
    await writer.write({ exit: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) });
  } finally {
    context.signal.removeEventListener('abort', abort);
    if (child.exitCode === null && child.signalCode === null) endGroup(child);
  }
}

async function forward(stream: AsyncIterable<unknown> | null, write: (bytes: Buffer) => Promise<void>): Promise<void> {
  if (stream === null) return;
  for await (const chunk of stream) await write(chunk as Buffer);
}

async function feed(child: ChildProcess, messages: AsyncIterator<simV1.ExecInput>): Promise<void> {
  const { stdin } = child;
  // A command may end without having read all.
  stdin?.on('error', () => undefined);
  for (;;) {
    const { value, done } = await messages.next();
    if (done) break;
    if (value.input === 'stdin' && value.stdin !== undefined && value.stdin.length > 0) {
      if (stdin?.writable && !stdin.write(value.stdin)) await once(stdin, 'drain').catch(() => undefined);
    } else if (value.input === 'stdinClosed') {
      stdin?.end();
    } else if (value.input === 'signal' && value.signal !== undefined) {
      signalGroup(child, value.signal);
    }
  }
  stdin?.end();
}

function endGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
  child.once('exit', () => clearTimeout(timer));
}

/** The command is the leader of a process group of its own. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | number): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
