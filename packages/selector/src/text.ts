import { SelectorError } from './error.ts';
import { EVERYTHING, isWholeNumber, type Requirement, requirementOf, type Selector, selectorOf } from './selector.ts';
import { checkLabelKey, checkLabelValue } from './syntax.ts';

/**
 * Parses the text form that API queries carry: `a=b,c!=d,e in (x,y),!f,g`,
 * with `==`, `notin`, `>` and `<` too. Empty text selects everything.
 *
 * @throws {SelectorError} The message tells the place, counted from 1.
 */
export function parseSelectorText(text: string): Selector {
  const reader = new TokenReader(text);
  if (reader.peek() === undefined) return EVERYTHING;
  const requirements: Requirement[] = [];
  for (;;) {
    requirements.push(readRequirement(reader));
    if (reader.peek() === undefined) return selectorOf(requirements);
    reader.expect(',', 'a comma between requirements');
  }
}

function readRequirement(reader: TokenReader): Requirement {
  if (reader.take('!')) return requirementOf(readKey(reader), 'DoesNotExist');
  const key = readKey(reader);
  const operator = reader.peek();
  if (operator === undefined || operator === ',') return requirementOf(key, 'Exists');
  reader.next();
  switch (operator) {
    case '=':
    case '==':
      return requirementOf(key, 'In', [readValue(reader)]);
    case '!=':
      return requirementOf(key, 'NotIn', [readValue(reader)]);
    case 'in':
      return requirementOf(key, 'In', readValues(reader));
    case 'notin':
      return requirementOf(key, 'NotIn', readValues(reader));
    case '>':
    case '<': {
      const value = readValue(reader);
      if (!isWholeNumber(value)) {
        throw new SelectorError('BAD_VALUE', '', `${key}${operator} needs a whole number, not '${value}'`);
      }
      return requirementOf(key, operator === '>' ? 'Gt' : 'Lt', [value]);
    }
    default:
      return reader.fail(operator, `=, !=, in, notin, > or < after '${key}'`);
  }
}

function readKey(reader: TokenReader): string {
  const token = reader.next();
  if (token === undefined || SYMBOL.test(token)) return reader.fail(token, 'a label key');
  checkLabelKey(token, '');
  return token;
}

/** May be empty: `a=` asks for the empty value. */
function readValue(reader: TokenReader): string {
  const token = reader.peek();
  if (token === undefined || token === ',' || token === ')') return '';
  reader.next();
  if (SYMBOL.test(token)) return reader.fail(token, 'a label value');
  checkLabelValue(token, '');
  return token;
}

function readValues(reader: TokenReader): string[] {
  reader.expect('(', 'an opening parenthesis');
  const values = [readValue(reader)];
  while (reader.take(',')) values.push(readValue(reader));
  reader.expect(')', 'a closing parenthesis');
  return values;
}

const SYMBOL = /^[=!<>(),]/;

class TokenReader {
  readonly #tokens: { readonly token: string; readonly column: number }[];
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = Array.from(text.matchAll(/==|!=|[=!<>(),]|[^=!<>(),\s]+/g), (match) => ({
      token: match[0],
      column: match.index + 1,
    }));
  }

  peek(): string | undefined {
    return this.#tokens[this.#position]?.token;
  }

  next(): string | undefined {
    return this.#tokens[this.#position++]?.token;
  }

  take(token: string): boolean {
    if (this.peek() !== token) return false;
    this.#position++;
    return true;
  }

  expect(token: string, what: string): void {
    if (this.next() !== token) this.fail(this.#tokens[this.#position - 1]?.token, what);
  }

  /** Reports the token that `next` has just returned. */
  fail(token: string | undefined, expected: string): never {
    const column = this.#tokens[this.#position - 1]?.column ?? this.#text.length + 1;
    const found = token === undefined ? 'the end' : `'${token}'`;
    throw new SelectorError(
      'SYNTAX',
      '',
      `the selector '${this.#text}' has ${found} at character ${column}, where ${expected} must stand`,
    );
  }
}
