/** White space, then one token. */
const TOKEN =
  /[ \t\n\r]*(?:([{}[\],:])|("[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\uffff]*)*")|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-]))/y;

/** As much of a string as is right. */
const START_OF_STRING = /[ \t\n\r]*(?:"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\uffff]*)*)?/y;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end' | 'nothing';

/**
 * Where a text stops being JSON (RFC 8259), as an offset; the text's length
 * when it ends in the middle; undefined for JSON. Used only for what
 * `JSON.parse` has refused: its own messages do not always tell the place.
 */
export function findJsonMistake(text: string): number | undefined {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let offset = 0;
  for (;;) {
    TOKEN.lastIndex = offset;
    const match = TOKEN.exec(text);
    if (match === null)
      return expected === 'nothing' && text.slice(offset).trim() === '' ? undefined : stopOf(text, offset);
    const [whole, mark = '', string] = match;
    const next = follow(expected, mark === '' ? (string === undefined ? 'literal' : 'string') : mark, open);
    if (next === undefined) return offset + whole.length - whole.trimStart().length;
    expected = next;
    offset += whole.length;
  }
}

/** What may come after a token; undefined when the token may not stand here. Keeps `open`. */
function follow(expected: Expected, token: string, open: ('{' | '[')[]): Expected | undefined {
  const afterValue = (): Expected => (open.length === 0 ? 'nothing' : ', or end');
  switch (token) {
    case '{':
    case '[':
      if (expected !== 'value' && expected !== 'value or ]') return undefined;
      open.push(token);
      return token === '{' ? 'key or }' : 'value or ]';
    case '}':
    case ']': {
      const start = token === '}' ? '{' : '[';
      const mayEnd = expected === ', or end' || expected === (token === '}' ? 'key or }' : 'value or ]');
      if (!mayEnd || open.at(-1) !== start) return undefined;
      open.pop();
      return afterValue();
    }
    case ',':
      if (expected !== ', or end') return undefined;
      return open.at(-1) === '{' ? 'key' : 'value';
    case ':':
      return expected === ':' ? 'value' : undefined;
    default:
      if (token === 'string' && (expected === 'key' || expected === 'key or }')) return ':';
      return expected === 'value' || expected === 'value or ]' ? afterValue() : undefined;
  }
}

/** Inside a string that goes wrong, else at what is no token at all. */
function stopOf(text: string, offset: number): number {
  START_OF_STRING.lastIndex = offset;
  return offset + (START_OF_STRING.exec(text)?.[0].length ?? 0);
}
