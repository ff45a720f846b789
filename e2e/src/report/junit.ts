import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import junit, { type Builder } from 'junit-report-builder';
import type { Result } from './results.ts';

// Its types are those of its CommonJS module; an import loads another one, whose default is the builder itself.
const builder = junit as unknown as Builder;

/** Writes `junit.xml` into the folder: a suite a mode, a case a scenario. Answers its path. */
export async function writeJunit(folder: string, results: readonly Result[]): Promise<string> {
  const report = builder.newBuilder().name('margay e2e');
  for (const mode of new Set(results.map((result) => result.mode))) {
    const suite = report.testSuite().name(mode);
    for (const { claim, name, outcome, reason = '', seconds } of results.filter((result) => result.mode === mode)) {
      const one = suite.testCase().className(`e2e.${mode}.${name}`).name(claim).time(seconds);
      if (outcome === 'failed') one.failure(reason);
      if (outcome === 'skipped') one.skipped().standardOutput(reason);
    }
  }
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'junit.xml');
  await writeFile(path, report.build());
  return path;
}
