import { describeYamlMistake } from '@margay/model';
import { badRequest } from '../error.ts';
import { findDuplicateFields } from '../json/duplicate-fields.ts';
import { findJsonMistake } from '../json/json-mistake.ts';
import { isNestedDeeper } from '../json/nesting.ts';

/** Fewer than kube-apiserver's 10,000: what merges and copies objects here calls itself at each level. */
const MAX_LEVELS = 1000;

/** What a request says. */
export interface ParsedBody {
  readonly value: unknown;
  /** Sentences about keys that stand twice in one object; the last one counts. */
  readonly duplicates: readonly string[];
}

/** @throws {ApiError} 400, with the place of the mistake */
export function parseJson(text: string, { findDuplicates }: { readonly findDuplicates: boolean }): ParsedBody {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notReadable(jsonMistake(text));
  }
  if (isNestedDeeper(text, MAX_LEVELS)) throw notReadable(`it is nested deeper than ${MAX_LEVELS} levels`);
  const duplicates = findDuplicates ? findDuplicateFields(text) : [];
  return { value, duplicates: duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`) };
}

/** @throws {ApiError} 400, with the place of the mistake */
export async function parseYaml(text: string): Promise<ParsedBody> {
  // Loaded when needed: the server starts without it.
  const { isScalar, LineCounter, parseDocument, visit } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw notReadable(`line ${line}, column ${col}: ${describeYamlMistake(error.code)}`);
  }
  const duplicates: string[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const keys = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (keys.has(key.value)) {
          const { line } = lines.linePos(key.range?.[0] ?? 0);
          duplicates.push(`line ${line}: key ${JSON.stringify(key.value)} already set in map`);
        }
        keys.add(key.value);
      }
    },
  });
  try {
    return { value: document.toJS() as unknown, duplicates };
  } catch {
    // What shows only now: aliases that lead nowhere or unfold without end.
    throw notReadable(describeYamlMistake('BAD_ALIAS'));
  }
}

function jsonMistake(text: string): string {
  const offset = findJsonMistake(text) ?? text.length;
  if (offset >= text.length) {
    return 'not valid JSON: the text ends in the middle; close every quote, bracket and brace';
  }
  const before = text.slice(0, offset).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
  return `${place}: not valid JSON: ${JSON.stringify(text[offset])} cannot stand here`;
}

function notReadable(why: string): Error {
  return badRequest(`the body of the request cannot be parsed: ${why}`);
}
