/**
 * When a field stands in JSON. `optional`: when it was given, empty or not, as
 * Go's pointers. `filled`: when it is not empty. `always`: also when it is empty.
 */
export type Presence = 'optional' | 'filled' | 'always';

/** The fields of a type by name. */
export type Presences = ReadonlyMap<string, Presence>;

/**
 * Reads in the notation of parse-fields.ts when each field stands in JSON, by
 * type: a required field always, one whose number has an asterisk when it was
 * given, any other when it is not empty. `always` and `omitzero` say otherwise:
 * of a field that is not required, and of an object or a time, which Go writes
 * in full unless it is told not to. Fields without numbers are left alone.
 */
export function parsePresences(text: string, fullName: (type: string) => string): Map<string, Presences> {
  const types = new Map<string, Presences>();
  let fields = new Map<string, Presence>();
  for (const line of text.split('\n')) {
    if (/^[A-Z]/.test(line)) {
      fields = new Map();
      types.set(fullName(line.split(' ')[0] ?? ''), fields);
      continue;
    }
    const match = /^ +(\w+)(!?) (.*)#[\d.]+(\*?)$/.exec(line);
    if (match === null) continue;
    const [, name = '', required, marks = '', pointer] = match;
    const words = marks.split(' ');
    fields.set(
      name,
      pointer === '*' || words.includes('omitzero')
        ? 'optional'
        : required === '!' || words.includes('always')
          ? 'always'
          : 'filled',
    );
  }
  return types;
}
