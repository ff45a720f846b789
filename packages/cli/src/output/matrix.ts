import type { ProbeAnswer } from '@margay/sim';
import pc from 'picocolors';
import { alignColumns } from './columns.ts';
import { print } from './print.ts';

export type Verdict = 'allowed' | 'denied';

/** Answer of `probe --all`: for each pod, what it may connect to. */
export interface Matrix {
  readonly pods: readonly string[];
  readonly verdicts: Readonly<Record<string, Readonly<Record<string, Verdict>>>>;
}

export function verdictOf({ allowed }: Pick<ProbeAnswer, 'allowed'>): Verdict {
  return allowed ? 'allowed' : 'denied';
}

/** The same whatever the order of the answers. */
export function matrixOf(answers: readonly ProbeAnswer[], morePods: readonly string[] = []): Matrix {
  const pods = [...new Set([...morePods, ...answers.flatMap(({ from, to }) => [from, to])])].sort();
  const verdicts: Record<string, Record<string, Verdict>> = Object.fromEntries(pods.map((pod) => [pod, {}]));
  const sorted = answers.toSorted((a, b) => (a.to < b.to ? -1 : 1));
  for (const answer of sorted) {
    const row = verdicts[answer.from];
    if (row !== undefined) row[answer.to] = verdictOf(answer);
  }
  return { pods, verdicts };
}

/** A table with a row for each pod; columns carry the rows' numbers, so that it stays narrow. */
export function matrixLines({ pods, verdicts }: Matrix): string[] {
  const head = ['#', 'FROM \\ TO', ...pods.map((_, index) => String(index + 1))];
  const rows = pods.map((from, index) => [
    String(index + 1),
    from,
    ...pods.map((to) => {
      const verdict = verdicts[from]?.[to];
      if (verdict === undefined) return '-';
      return verdict === 'allowed' ? 'yes' : 'NO';
    }),
  ]);
  return alignColumns([head, ...rows], '  ');
}

/** Prints the table; on a terminal what is denied stands out. */
export function printMatrix(matrix: Matrix, indent = ''): void {
  const { red } = pc.createColors(process.stdout.isTTY && pc.isColorSupported);
  // Names of pods have small letters only.
  for (const line of matrixLines(matrix)) print(indent + line.replaceAll(/\bNO\b/g, red('NO')));
}

export function countAllowed({ verdicts }: Matrix): { readonly allowed: number; readonly total: number } {
  const all = Object.values(verdicts).flatMap((row) => Object.values(row));
  return { allowed: all.filter((verdict) => verdict === 'allowed').length, total: all.length };
}
