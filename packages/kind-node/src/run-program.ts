import { spawn } from 'node:child_process';
import { constants } from 'node:os';

export interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin?: string | Uint8Array;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Called with every finished line of the error output, as it comes. */
  readonly onErrorLine?: (line: string) => void;
  /** Called once the program runs. */
  readonly onSpawn?: (pid: number) => void;
  /**
   * Gives the program a process group of its own: a terminal's Ctrl-C does not
   * reach it, and ending it ends what it started too.
   */
  readonly ownGroup?: boolean;
}

export interface Ended {
  /** `missing`: there is no such program; the others say why it was killed. */
  readonly how: 'exited' | 'missing' | 'timeout' | 'aborted' | 'flooded';
  /** 128 and the signal's number when a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** More output than this, in bytes of one stream, ends a program. */
export const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Runs a program by its arguments, never through a shell. Rejects only on what no program can help (EACCES, EAGAIN). */
export function runProgram(program: string, argv: readonly string[], options: RunOptions): Promise<Ended> {
  const { env, stdin, timeoutMs, signal, onErrorLine, onSpawn, ownGroup = false } = options;
  if (signal?.aborted) return Promise.resolve({ how: 'aborted', exitCode: 130, stdout: '', stderr: '' });
  return new Promise((resolve, reject) => {
    const child = spawn(program, argv, { env, detached: ownGroup, stdio: ['pipe', 'pipe', 'pipe'] });
    let how: Ended['how'] = 'exited';
    const end = (reason: Ended['how']): void => {
      if (how !== 'exited' || child.pid === undefined) return;
      how = reason;
      if (ownGroup) killGroup(child.pid);
      else child.kill('SIGKILL');
    };
    const stdout = new Capture(() => end('flooded'));
    const stderr = new Capture(() => end('flooded'));
    const lines = new LineSplitter(onErrorLine);
    child.stdout.on('data', (chunk: Buffer) => stdout.add(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr.add(chunk);
      lines.add(chunk);
    });
    // A program may end without reading its input.
    child.stdin.on('error', () => {});
    child.stdin.end(stdin ?? '');

    const abort = (): void => end('aborted');
    signal?.addEventListener('abort', abort, { once: true });
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => end('timeout'), timeoutMs);
    const tidy = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };

    child.on('spawn', () => child.pid !== undefined && onSpawn?.(child.pid));
    child.on('error', (error: NodeJS.ErrnoException) => {
      tidy();
      if (error.code === 'ENOENT') resolve({ how: 'missing', exitCode: 127, stdout: '', stderr: '' });
      else reject(error);
    });
    child.on('close', (code, killedBy) => {
      tidy();
      lines.finish();
      const exitCode = killedBy === null ? (code ?? 1) : 128 + constants.signals[killedBy];
      resolve({ how, exitCode, stdout: stdout.text(), stderr: stderr.text() });
    });
  });
}

/** Ends a group whose leader is `pid`; a group that is gone already is fine. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

class Capture {
  readonly #chunks: Buffer[] = [];
  readonly #onFull: () => void;
  #bytes = 0;

  constructor(onFull: () => void) {
    this.#onFull = onFull;
  }

  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_OUTPUT_BYTES) this.#onFull();
    else this.#chunks.push(chunk);
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

class LineSplitter {
  readonly #decoder = new TextDecoder();
  readonly #onLine: ((line: string) => void) | undefined;
  #rest = '';

  constructor(onLine: ((line: string) => void) | undefined) {
    this.#onLine = onLine;
  }

  add(chunk: Buffer): void {
    if (this.#onLine === undefined) return;
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
  }

  finish(): void {
    if (this.#rest !== '') this.#onLine?.(this.#rest);
  }
}
