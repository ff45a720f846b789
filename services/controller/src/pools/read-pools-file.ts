import { readFileSync } from 'node:fs';
import { describeYamlMistake, type IPPool } from '@margay/model';
import { OptionError } from '@margay/runtime';
import { type Document, isNode, LineCounter, parseAllDocuments } from 'yaml';
import { checkPools, type PoolProblem } from './check-pools.ts';

/**
 * Reads the IPPools of a file: a YAML list of them, or one after the other as
 * documents. An empty file has none.
 *
 * @throws {OptionError} one sentence for each mistake, with the file and the place
 */
export function readPoolsFile(file: string): IPPool[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(readText(file), { lineCounter: lines, prettyErrors: false });
  const entries = (Array.isArray(documents) ? documents : []).flatMap((document) =>
    entriesOf(document, (line, text) => fail(file, [`line ${line}: ${text}`]), lines),
  );
  const problems = checkPools(entries.map(({ value }) => value));
  if (problems.length > 0) {
    fail(
      file,
      problems.map((problem) => sentence(problem, entries[problem.index] as Entry, lines)),
    );
  }
  return entries.map(({ value }) => value as IPPool);
}

interface Entry {
  readonly value: unknown;
  readonly document: Document.Parsed;
  readonly path: readonly (string | number)[];
}

function entriesOf(
  document: Document.Parsed,
  refuse: (line: number, text: string) => never,
  lines: LineCounter,
): Entry[] {
  const [mistake] = document.errors;
  if (mistake !== undefined) refuse(lines.linePos(mistake.pos[0]).line, describeYamlMistake(mistake.code));
  let content: unknown;
  try {
    content = document.toJS();
  } catch {
    refuse(1, describeYamlMistake('BAD_ALIAS'));
  }
  if (content === null || content === undefined) return [];
  if (!Array.isArray(content)) return [{ value: content, document, path: [] }];
  return content.map((value: unknown, index) => ({ value, document, path: [index] }));
}

function sentence({ field, text }: PoolProblem, { document, path }: Entry, lines: LineCounter): string {
  const place = [...path, ...field.split('.')];
  // A field that is missing is told at what should have it.
  for (let length = place.length; length >= 0; length--) {
    const node: unknown = document.getIn(place.slice(0, length), true);
    if (isNode(node) && node.range) return `line ${lines.linePos(node.range[0]).line}: ${text}`;
  }
  return text;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new OptionError(`--pools-file: cannot read ${file}: ${(error as Error).message}.`);
  }
}

function fail(file: string, sentences: readonly string[]): never {
  throw new OptionError(sentences.map((text) => `--pools-file: ${file}: ${text}.`).join('\n'));
}
