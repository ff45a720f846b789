import type { ProbeAnswer, ProbeProtocol, Simulation } from '@margay/sim';
import { EXIT } from '../error.ts';
import { countAllowed, type Matrix, matrixOf, printMatrix } from '../output/matrix.ts';
import { note, print, printJson } from '../output/print.ts';
import { interruption, withSimulation } from './simulation.ts';

/** How often progress is told, milliseconds. */
const PROGRESS_MS = 1_000;

export interface ProbeAllOptions {
  readonly name: string;
  readonly port?: number;
  readonly protocol: ProbeProtocol;
  readonly timeoutMs: number;
  /** Connections at a time. */
  readonly parallel?: number;
  readonly require?: string;
  readonly output: string;
}

/** Probes every pair, prints the matrix, and returns the exit code. */
export async function probeAll(options: ProbeAllOptions): Promise<number> {
  const interrupted = interruption();
  try {
    const matrix = await withSimulation(options.name, (simulation) => measure(simulation, options, interrupted.signal));
    if (options.output === 'json') printJson(matrix);
    else printAnswer(matrix);
    return isMet(matrix, options.require) ? EXIT.DONE : EXIT.NO;
  } catch (error) {
    if (interrupted.signal.aborted) return EXIT.INTERRUPTED;
    throw error;
  } finally {
    interrupted.stop();
  }
}

async function measure(
  simulation: Pick<Simulation, 'status' | 'probeAll'>,
  { port, protocol, timeoutMs, parallel }: ProbeAllOptions,
  signal: AbortSignal,
): Promise<Matrix> {
  const { nodes } = await simulation.status();
  const running = nodes.flatMap(({ pods }) => pods).filter(({ phase }) => phase === 'Running');
  const total = running.length * (running.length - 1);
  const answers: ProbeAnswer[] = [];
  let toldAtMs = performance.now();
  const question = {
    protocol,
    timeoutMs,
    ...(port !== undefined && { port }),
    ...(parallel !== undefined && { parallel }),
  };
  for await (const answer of simulation.probeAll(question, signal)) {
    answers.push(answer);
    if (performance.now() - toldAtMs < PROGRESS_MS) continue;
    toldAtMs = performance.now();
    note(`${answers.length} of ${total} connections tried`);
  }
  // A single pod has no pair, but belongs to the answer.
  return matrixOf(answers, running.length === 1 ? running.map(({ name }) => name) : []);
}

function printAnswer(matrix: Matrix): void {
  const { allowed, total } = countAllowed(matrix);
  printMatrix(matrix);
  print(`${allowed} of ${total} connections are allowed.`);
}

/** Where nothing was measured, nothing is met. */
function isMet(matrix: Matrix, required: string | undefined): boolean {
  if (required === undefined) return true;
  const { verdicts } = matrix;
  return (
    countAllowed(matrix).total > 0 &&
    Object.values(verdicts).every((row) => Object.values(row).every((verdict) => verdict === required))
  );
}
