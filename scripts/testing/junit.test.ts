import { describe, expect, it } from 'vitest';
import { junitText } from './junit.ts';

describe('junitText', () => {
  it('counts, and lists what failed first, whatever suites are in one another', () => {
    const xml = `<?xml version="1.0"?>
      <testsuites>
        <testsuite name="direct">
          <testcase name="a pod reaches a pod" time="1.25"/>
          <testcase name="a | b" time="2"><failure message="no answer">trace</failure></testcase>
          <testsuite name="inner"><testcase name="sctp"><skipped/></testcase></testsuite>
        </testsuite>
        <testsuite name="empty"/>
      </testsuites>`;
    expect(junitText(xml).split('\n')).toEqual([
      '1 passed, 1 failed, 1 skipped',
      '',
      '| scenario | result | seconds |',
      '| --- | --- | --- |',
      '| a \\| b | failed | 2.0 |',
      '| sctp | skipped |  |',
      '| a pod reaches a pod | passed | 1.3 |',
      '',
    ]);
  });

  it('takes a report of one suite and one case', () => {
    expect(junitText('<testsuite><testcase name="x" time="0"><error/></testcase></testsuite>')).toContain(
      '0 passed, 1 failed, 0 skipped',
    );
  });

  it('refuses what is not XML', () => {
    expect(() => junitText('<testsuites><testcase')).toThrow();
  });
});
