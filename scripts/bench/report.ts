import { cpus, loadavg, release, totalmem } from 'node:os';

/** One table of docs/benchmarks.md. */
export interface Section {
  readonly title: string;
  /** How it was measured, in a sentence or two. */
  readonly how: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export function sectionText({ title, how, columns, rows }: Section): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [`## ${title}`, '', how, '', line(columns), line(columns.map(() => '---')), ...rows.map(line), ''].join('\n');
}

/** What the numbers were measured on. */
export function machineText(loadBefore: number): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}, ${memory} GiB, Linux ${release()}, Node ${process.version}. Load (1 minute) ${loadBefore.toFixed(2)} before the run, ${(loadavg()[0] ?? 0).toFixed(2)} after.`;
}
