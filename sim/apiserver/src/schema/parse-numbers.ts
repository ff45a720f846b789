/** A field of a protobuf message: its name in JSON, or the fields of a message that JSON does not show as one. */
export type NumberedField =
  | { readonly name: string; readonly keepsZero: boolean }
  | { readonly inline: NumberedFields };

/** The fields of a message by number. */
export type NumberedFields = ReadonlyMap<number, NumberedField>;

type Fields = Map<number, NumberedField>;

/**
 * Reads the numbers in the notation of parse-fields.ts, by type: `#N` is the
 * field N, `#N.M` the field M of a message N whose fields JSON shows in its
 * place. An asterisk says that a zero, false or empty value is told apart from
 * an absent one: others are absent, as Go leaves them out of JSON.
 */
export function parseNumbers(text: string, fullName: (type: string) => string): Map<string, NumberedFields> {
  const types = new Map<string, NumberedFields>();
  let fields: Fields = new Map();
  for (const line of text.split('\n')) {
    if (/^[A-Z]/.test(line)) {
      fields = new Map();
      types.set(fullName(line.split(' ')[0] ?? ''), fields);
      continue;
    }
    const match = /^ +(\w+)!? .*#([\d.]+)(\*?)$/.exec(line);
    if (match !== null) {
      const [, name = '', path = '', mark] = match;
      addField(fields, path.split('.').map(Number), { name, keepsZero: mark === '*' });
    }
  }
  return types;
}

function addField(fields: Fields, [number = 0, ...below]: readonly number[], field: NumberedField): void {
  if (below.length === 0) {
    fields.set(number, field);
    return;
  }
  const found = fields.get(number);
  const inline: Fields = found !== undefined && 'inline' in found ? new Map(found.inline) : new Map();
  addField(inline, below, field);
  fields.set(number, { inline });
}
