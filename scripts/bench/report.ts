import { existsSync, readFileSync, writeFileSync } from 'node:fs';
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

/** The parts of docs/benchmarks.md, in order: each command writes its own and leaves the others. */
const PARTS = ['# Benchmarks', '# Benchmarks on Kubernetes'] as const;

export function writePart(file: string, heading: (typeof PARTS)[number], body: string): void {
  const there = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const parts = PARTS.map((one) => (one === heading ? `${one}\n\n${body}` : partOf(there, one)));
  writeFileSync(
    file,
    `${parts
      .filter((part) => part !== '')
      .map((part) => part.trim())
      .join('\n\n')}\n`,
  );
}

/** Writes these sections into a part, in place of those of the same titles; other sections of it stay. */
export function writeSections(
  file: string,
  heading: (typeof PARTS)[number],
  { intro, sections }: { readonly intro: string; readonly sections: readonly string[] },
): void {
  const there = existsSync(file) ? partOf(readFileSync(file, 'utf8'), heading) : '';
  const kept = there.split(/^(?=## )/m).filter((text) => text.startsWith('## '));
  const byTitle = new Map([...kept, ...sections].map((text) => [text.split('\n', 1)[0], text.trim()]));
  writePart(file, heading, [intro, ...byTitle.values()].join('\n\n'));
}

/** From the heading to the next heading of its level; empty when it is not there. */
function partOf(text: string, heading: string): string {
  const lines = text.split('\n');
  const start = lines.indexOf(heading);
  if (start === -1) return '';
  const end = lines.findIndex((line, index) => index > start && line.startsWith('# '));
  return lines.slice(start, end === -1 ? undefined : end).join('\n');
}
