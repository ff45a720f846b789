import { stripVTControlCharacters } from 'node:util';

/** How many tests ended how. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

export function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The plain line with which every test command ends. */
export function countsLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * What a test command did, by its output and its exit code. One that ran no
 * test, does not say what it did, or ended otherwise than it says has failed.
 */
export function countsOf(output: string, code: number): Counts {
  const counts = parseCountsLine(output) ?? NONE;
  const isSound = counts.failed > 0 || (code === 0 && counts.passed > 0);
  return isSound ? counts : { ...counts, failed: counts.failed + 1 };
}

/** Reads the last such line of a command's output; undefined when there is none. */
export function parseCountsLine(output: string): Counts | undefined {
  const last = [...stripVTControlCharacters(output).matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm)].at(-1);
  if (!last) return undefined;
  return { passed: Number(last[1]), failed: Number(last[2]), skipped: Number(last[3]) };
}
