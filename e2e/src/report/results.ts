/** What became of one scenario, or of a step that all of a mode's scenarios need. */
export interface Result {
  readonly mode: string;
  readonly name: string;
  readonly claim: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it failed or was not run. */
  readonly reason?: string;
  readonly seconds: number;
}

/** A row a result, with the reason below those that did not pass. Pure. */
export function renderTable(results: readonly Result[]): string {
  const head = ['mode', 'scenario', 'result', 'seconds'];
  const rows = results.map(({ mode, name, outcome, seconds }) => [mode, name, outcome, seconds.toFixed(1)]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 3 ? cell.padStart(widths[3] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ');
  const body = results.flatMap((result, index) => [
    line(rows[index] ?? []),
    ...(result.reason === undefined ? [] : [`  ${result.reason.split('\n').join('\n  ')}`]),
  ]);
  return [line(head), ...body].join('\n');
}

/** `12 passed, 0 failed, 3 skipped`: the closing line of every suite of this project. Pure. */
export function countsLine(results: readonly Result[]): string {
  const count = (wanted: Result['outcome']): number => results.filter(({ outcome }) => outcome === wanted).length;
  return `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`;
}
