import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeJunit } from './junit.ts';
import { countsLine, type Result, renderTable } from './results.ts';

const RESULTS: readonly Result[] = [
  { mode: 'direct', name: 'one', claim: 'one holds', outcome: 'passed', seconds: 1.25 },
  { mode: 'direct', name: 'number-two', claim: 'two <holds>', outcome: 'failed', reason: 'step 1: no', seconds: 10 },
  { mode: 'direct', name: 'three', claim: 'three holds', outcome: 'skipped', reason: 'kind cannot', seconds: 0 },
];

it('shows a row a scenario, and why it did not pass', () => {
  expect(renderTable(RESULTS)).toBe(
    [
      'mode    scenario    result   seconds',
      'direct  one         passed       1.3',
      'direct  number-two  failed      10.0',
      '  step 1: no',
      'direct  three       skipped      0.0',
      '  kind cannot',
    ].join('\n'),
  );
  expect(countsLine(RESULTS)).toBe('1 passed, 1 failed, 1 skipped');
});

it('writes the same as JUnit', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'margay-e2e-'));
  try {
    const xml = readFileSync(await writeJunit(join(folder, 'new'), RESULTS), 'utf8');
    expect(xml).toContain('<testsuite name="direct" tests="3" failures="1" errors="0" skipped="1">');
    expect(xml).toMatch(/classname="e2e.direct.number-two" name="two &lt;holds>" time="10"/);
    expect(xml).toContain('<failure message="step 1: no"/>');
    expect(xml).toContain('<![CDATA[kind cannot]]>');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
