import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, watch } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { basename, join } from 'node:path';
import { connectSimulation } from '../client/connect.ts';
import type { ProbeAnswer, SimulationStatus } from '../client/types.ts';
import { cleanEnvironment, compileCacheDirectory } from '../daemon/environment.ts';
import { SimError } from '../error.ts';
import { writeCredentials } from '../pki/credentials.ts';
import { FABRIC } from '../topology/defaults.ts';
import type { Topology } from '../topology/types.ts';
import { tryIsolation } from './namespaces.ts';
import { type StatePaths, statePaths } from './paths.ts';
import { writePlan } from './plan-file.ts';
import { checkName, inDirectMode, readQuestion } from './question.ts';
import { isAlive, readRecord, writeRecord } from './record.ts';
import { clearDirectory, endDaemon } from './remains.ts';
import { startFailure } from './start-failure.ts';
import { lockStateDirectory } from './state-lock.ts';
import type { UpRequest, UpResult } from './types.ts';

/** A `down` of the same name may just be ending. */
const LOCK_PATIENCE_MS = 2_000;

/** See `up` in the package's index. Nothing is created before the question has been found right. */
export async function startSimulation(request: UpRequest): Promise<UpResult> {
  const startedAtMs = Date.now();
  const progress = request.onProgress ?? (() => undefined);
  checkName(request.name);
  const wanted = readQuestion(request);
  const isolation = await tryIsolation();
  const topology = chooseMode(wanted, isolation.canLoadEbpf, progress);
  request.signal?.throwIfAborted();

  const paths = statePaths(request.name);
  using _lock = await lockForStart(request.name, paths);
  const child = await launch({ name: request.name, topology, paths, unshare: isolation.unshare, startedAtMs });
  try {
    progress(`Simulation '${request.name}': namespaces are made, starting the services.`);
    await waitForSocket(paths, child, request.signal);
    const { status, verified } = await watchUntilReady(request, progress);
    return { status, verified, outsideAddress: FABRIC.outsideHost, seconds: (Date.now() - startedAtMs) / 1000 };
  } catch (error) {
    const reason = request.signal?.aborted
      ? new SimError('FAILED', 'the start was interrupted; nothing is left of it')
      : startFailure(error, request.name, paths);
    await endDaemon(paths);
    clearDirectory(paths.directory, { remove: true });
    throw reason;
  }
}

function chooseMode(
  { topology, modeWasAsked }: ReturnType<typeof readQuestion>,
  canLoadEbpf: boolean,
  progress: (line: string) => void,
): Topology {
  const needsEbpf = topology.pools.some(({ ipipMode }) => ipipMode === 'Always');
  if (!needsEbpf || canLoadEbpf) return topology;
  if (modeWasAsked) {
    throw new SimError(
      'BAD_QUESTION',
      'encapsulated mode loads eBPF programs, which needs root: run as root, or with --mode direct',
    );
  }
  progress('Encapsulated mode loads eBPF programs, which needs root: running in direct mode.');
  return inDirectMode(topology);
}

async function lockForStart(name: string, paths: StatePaths): Promise<Disposable> {
  const lock = await lockStateDirectory(paths.directory, LOCK_PATIENCE_MS);
  try {
    if (isAlive(readRecord(paths.record))) {
      if (await answers(name)) {
        throw new SimError(
          'BAD_QUESTION',
          `simulation '${name}' is up already: take it down first (margay sim down --name ${name}), or choose another --name`,
        );
      }
      // On its way out, or left over from a start that was cut off.
      await endDaemon(paths);
    }
    clearDirectory(paths.directory, { remove: false });
    return lock;
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

async function answers(name: string): Promise<boolean> {
  try {
    const simulation = await connectSimulation(name);
    try {
      await simulation.status();
      return true;
    } finally {
      simulation.close();
    }
  } catch {
    return false;
  }
}

interface Child {
  /** Rejects when the daemon ends. */
  readonly ended: Promise<never>;
}

async function launch(options: {
  readonly name: string;
  readonly topology: Topology;
  readonly paths: StatePaths;
  readonly unshare: readonly string[];
  readonly startedAtMs: number;
}): Promise<Child> {
  const { name, topology, paths, unshare, startedAtMs } = options;
  for (const directory of [paths.pki, paths.logs, paths.nodes]) mkdirSync(directory, { mode: 0o700 });
  const { server, port } = await listenOnLoopback();
  const log = openSync(join(paths.logs, 'daemon.log'), 'a', 0o600);
  const main = join(import.meta.dirname, '..', 'daemon', 'main.ts');
  const child = spawn('unshare', [...unshare, process.execPath, main, paths.directory], {
    // A session of its own: a terminal's Ctrl-C and hang-up do not reach it.
    detached: true,
    cwd: '/',
    // Its input is empty and open until this process ends or has seen it ready: see tieToLauncher.
    stdio: ['pipe', log, log, descriptorOf(server)],
    env: { ...cleanEnvironment(process.env), NODE_COMPILE_CACHE: compileCacheDirectory() },
  });
  closeSync(log);
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      reject(new SimError('FAILED', `the simulation's daemon ended (${signal ?? `exit code ${code}`})`));
    });
  });
  ended.catch(() => undefined);
  child.unref();
  (child.stdin as Socket | null)?.on('error', () => undefined).unref();
  if (child.pid !== undefined) writeRecord(paths.record, child.pid);
  // Beside the daemon's own start, which waits for the plan: certificates take a tenth of a second.
  await writeCredentials({ name, paths, hostPort: port });
  writePlan(paths.plan, { name, topology, hostPort: port, startedAtMs });
  // The daemon has its own copy of the descriptor now.
  server.close();
  return { ended };
}

async function listenOnLoopback(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new SimError('FAILED', 'no port on the loopback');
  return { server, port: address.port };
}

/** Node has no public name for a server's descriptor; `_handle.fd` has been there since its first versions. */
function descriptorOf(server: Server): number {
  const { _handle: handle } = server as unknown as { _handle?: { fd?: number } };
  if (handle?.fd === undefined || handle.fd < 0)
    throw new SimError('FAILED', 'this Node hides the descriptor of a listener');
  return handle.fd;
}

async function waitForSocket(paths: StatePaths, child: Child, signal: AbortSignal | undefined): Promise<void> {
  const controller = new AbortController();
  const appeared = new Promise<void>((resolve, reject) => {
    const watcher = watch(paths.directory, { signal: controller.signal }, (_, file) => {
      if (file === basename(paths.socket)) resolve();
    });
    watcher.on('error', reject);
    if (existsSync(paths.socket)) resolve();
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    await Promise.race([appeared, child.ended]);
  } finally {
    controller.abort();
  }
}

async function watchUntilReady(
  request: UpRequest,
  progress: (line: string) => void,
): Promise<{ status: SimulationStatus; verified: ProbeAnswer[] }> {
  const simulation = await connectSimulation(request.name);
  const verified: ProbeAnswer[] = [];
  try {
    for await (const event of simulation.watchStart(request.signal)) {
      if (event.kind === 'progress') progress(event.text);
      else if (event.kind === 'verified') verified.push(event.answer);
      else if (event.kind === 'failed') throw new SimError('FAILED', event.reason);
      else return { status: event.status, verified };
    }
  } finally {
    simulation.close();
  }
  throw new SimError('FAILED', 'the simulation ended while it was starting');
}
