import { XMLParser } from 'fast-xml-parser';

/** Of a JUnit file; attributes begin with @ and are text. */
interface Case {
  readonly '@name': string;
  readonly '@time'?: string;
  readonly failure?: readonly unknown[];
  readonly error?: readonly unknown[];
  readonly skipped?: readonly unknown[];
}

/** The document, a list of suites, or a suite. */
interface Suite {
  readonly testcase?: readonly Case[];
  readonly testsuite?: readonly Suite[];
  readonly testsuites?: readonly Suite[];
}

type Outcome = 'failed' | 'skipped' | 'passed';

const ORDER: readonly Outcome[] = ['failed', 'skipped', 'passed'];
const LISTS: readonly string[] = ['testsuites', 'testsuite', 'testcase', 'failure', 'error', 'skipped'];

/** A JUnit report as Markdown: a line that counts, and a table with what failed first. @throws {Error} on broken XML */
export function junitText(xml: string): string {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    isArray: (name) => LISTS.includes(name),
  });
  const cases = casesOf(parser.parse(xml, true) as Suite);
  const of = (outcome: Outcome): Case[] => cases.filter((one) => outcomeOf(one) === outcome);
  const rows = ORDER.flatMap((outcome) => of(outcome).map((one) => row(one, outcome)));
  const counts = `${of('passed').length} passed, ${of('failed').length} failed, ${of('skipped').length} skipped`;
  return [counts, '', '| scenario | result | seconds |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

/** An element without content is read as an empty text. */
function casesOf(suite: Suite | string): Case[] {
  if (typeof suite === 'string') return [];
  const inner = [...(suite.testsuites ?? []), ...(suite.testsuite ?? [])];
  return [...(suite.testcase ?? []), ...inner.flatMap(casesOf)];
}

function outcomeOf({ failure, error, skipped }: Case): Outcome {
  if (failure !== undefined || error !== undefined) return 'failed';
  return skipped === undefined ? 'passed' : 'skipped';
}

function row({ '@name': name, '@time': time }: Case, outcome: Outcome): string {
  const seconds = time === undefined ? '' : Number(time).toFixed(1);
  return `| ${name.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')} | ${outcome} | ${seconds} |`;
}
