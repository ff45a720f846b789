import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const folder = join(root, '.github/workflows');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

interface Step {
  readonly run?: string;
  readonly uses?: string;
}

interface Workflow {
  readonly permissions?: unknown;
  readonly concurrency?: { readonly group?: string };
  readonly jobs: Record<string, { readonly 'timeout-minutes'?: number; readonly steps: readonly Step[] }>;
}

const workflows = readdirSync(folder).map((name) => ({
  name,
  workflow: parse(readFileSync(join(folder, name), 'utf8')) as Workflow,
}));
const jobs = workflows.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([job, { steps, ...rest }]) => ({ job: `${name}: ${job}`, steps, ...rest })),
);

/** Why a line is not a command of this repository; undefined when it is one. */
function fault(run: string): string | undefined {
  if (/[;&|<>`\n]|\$\(/.test(run.replaceAll(/\$\{\{ [\w.]+ \}\}/g, ''))) return 'is a shell program';
  const words = run.split(/\s+/);
  if (words[0] === 'sh' && words[1]?.endsWith('.sh') && words[2] !== undefined) {
    return existsSync(join(root, words[1])) ? fault(words.slice(2).join(' ')) : `there is no ${words[1]}`;
  }
  if (words[0] === 'npm') {
    const script = words[1] === 'run' ? words[2] : words[1];
    return script !== undefined && script in scripts ? undefined : `there is no npm script '${script}'`;
  }
  if (words[0] === 'node' || words[0] === 'sh') {
    return words[1] !== undefined && existsSync(join(root, words[1])) ? undefined : `there is no ${words[1]}`;
  }
  return 'is neither an npm script nor a file of this repository';
}

describe('the workflows', () => {
  it('are ci and nightly', () => {
    expect(workflows.map(({ name }) => name).sort()).toEqual(['ci.yml', 'nightly.yml']);
  });

  it.each(jobs.flatMap(({ job, steps }) => steps.flatMap(({ run }) => (run === undefined ? [] : [{ job, run }]))))(
    '$job runs a command of this repository: $run',
    ({ run }) => {
      expect(fault(run)).toBeUndefined();
    },
  );

  it.each([
    ['npm run nothing', "there is no npm script 'nothing'"],
    ['sh scripts/as-root.sh npm run nothing', "there is no npm script 'nothing'"],
    ['node scripts/nothing.ts', 'there is no scripts/nothing.ts'],
    ['npm test && npm run lint', 'is a shell program'],
    ['npm test\nnpm run lint', 'is a shell program'],
    ['curl example.com', 'is neither an npm script nor a file of this repository'],
  ])('would be refused with %j', (run, why) => {
    expect(fault(run)).toBe(why);
  });

  it.each(jobs)('$job ends by itself, and names a version of every action', (job) => {
    expect(job['timeout-minutes']).toBeGreaterThan(0);
    for (const { uses } of job.steps) if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w-]+@v\d+$/);
  });

  it.each(workflows)('$name may only read the repository, and runs once at a time', ({ workflow }) => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(workflow.concurrency?.group).toBeTruthy();
  });
});
