import { describe, expect, it } from 'vitest';
import type { KubectlPair, RunOptions } from './pair.ts';

/** What a suite works with; it reads it inside tests only. */
export interface PairContext {
  readonly pair: KubectlPair;
}

/** One run of kubectl, which must do and print the same on both servers. */
export interface Step extends RunOptions {
  readonly command: string | readonly string[];
  readonly code: number;
  /** What stands in the output, so that two servers that both say nothing do not pass. */
  readonly says: string;
  /** Which part of the output is compared; all of it where absent. */
  readonly view?: (text: string) => string;
}

type Options = Omit<Step, 'command' | 'code' | 'says'>;

/** A run that succeeds. Words are split at blanks; an array is taken as it is. */
export function ok(command: Step['command'], says: string, options: Options = {}): Step {
  return { command, code: 0, says, ...options };
}

/** A run that fails, with code 1 if nothing else is said. */
export function fails(
  command: Step['command'],
  says: string,
  options: Options & { readonly code?: number } = {},
): Step {
  return { command, code: 1, says, ...options };
}

/** A view of output whose lines come in no order. */
export function sortedLines(text: string): string {
  return text.split('\n').sort().join('\n');
}

/** One test for each step, in order: later ones may build on what earlier ones did. */
export function describeSteps(context: PairContext, title: string, steps: readonly Step[]): void {
  describe(title, () => {
    it.each(steps.map((step) => [titleOf(step), step] as const))('%s', async (_, step) => {
      await expectSame(context.pair, step);
    });
  });
}

async function expectSame(
  pair: KubectlPair,
  { command, code, says, view = (text) => text, ...options }: Step,
): Promise<void> {
  const { ours, theirs } = await pair.run(command, options);
  expect({ ...ours, stdout: view(ours.stdout) }).toEqual({ ...theirs, stdout: view(theirs.stdout) });
  expect(theirs.stdout + theirs.stderr).toContain(says);
  expect({ code: theirs.code, stderr: theirs.stderr }).toEqual({ code, stderr: theirs.stderr });
}

function titleOf({ command, says }: Step): string {
  const text = typeof command === 'string' ? command : command.join(' ');
  // Names of many manifests are one command: what is said tells them apart.
  return text.includes('-f -') ? `${text}: ${says}` : text;
}
