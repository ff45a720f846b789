/** What is said about a type, and about its fields by name. */
export interface TypeDescription {
  readonly text: string;
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * Reads the descriptions in ../kinds/descriptions. A line at the margin is
 * about a type, the indented lines below it are about its fields:
 *
 *     IPBlock: A range of addresses, with exceptions.
 *       cidr: The range, as 192.0.2.0/24.
 */
export function parseDescriptions(text: string): Map<string, TypeDescription> {
  const types = new Map<string, TypeDescription>();
  let fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const [, indent, name = '', about = ''] = /^( *)([\w$-]+): (.+)$/.exec(line) ?? [];
    if (indent === undefined) throw new Error(`not a description: ${line}`);
    if (indent !== '') fields.set(name, about);
    else {
      fields = new Map();
      types.set(name, { text: about, fields });
    }
  }
  return types;
}
