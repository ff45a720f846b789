import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

// docs/reference/values.md: what deploy/chart/values.yaml says of each value.

/** One value of the chart. */
export interface ChartValue {
  /** Such as `image.tag`. */
  readonly path: string;
  /** The comment above it, as one text; empty when there is none. */
  readonly says: string;
  readonly default: unknown;
}

const PAGE_HEAD = `# Values of the chart

Made from \`deploy/chart/values.yaml\` by \`npm run gen\`. Unknown names and bad values are refused before anything is installed. See them with their comments: \`helm show values deploy/chart\`.
`;

/** Longest default that a row shows; others are in values.yaml. */
const MAX_DEFAULT_CHARACTERS = 60;

/** The page, of the checkout at `root`. */
export function valuesReference(root: string): string {
  const values = chartValues(readFileSync(join(root, 'deploy/chart/values.yaml'), 'utf8'));
  const rows = (wanted: readonly ChartValue[]): string =>
    ['| value | default | |', '|---|---|---|', ...wanted.map(rowOf), ''].join('\n');
  const single = values.filter(({ path, default: value }) => !path.includes('.') && !isGroup(value));
  const groups = values.filter(({ path, default: value }) => !path.includes('.') && isGroup(value));
  const sections = groups.map(({ path, says }) => {
    const inside = values.filter((value) => value.path.startsWith(`${path}.`) && !isGroup(value.default));
    return `\n## ${path}\n\n${says}\n\n${rows(inside)}`;
  });
  return `${PAGE_HEAD}\n${rows(single)}${sections.join('')}`;
}

/**
 * Every value with its comment, groups before what they contain. What is
 * inside of a resources block or of a list is a part of that value.
 */
export function chartValues(text: string): ChartValue[] {
  const defaults = parse(text) as Record<string, unknown>;
  const found: ChartValue[] = [];
  const parents: string[] = [];
  let comment: string[] = [];
  let leafIndent = Number.POSITIVE_INFINITY;
  for (const line of text.split('\n')) {
    const [, indent = '', note, key] = /^( *)(?:# ?(.*)|([A-Za-z0-9]+):.*)$/.exec(line) ?? [];
    if (line.search(/\S/) > leafIndent) continue;
    if (note !== undefined) {
      comment.push(note);
      continue;
    }
    if (key !== undefined) {
      parents.splice(indent.length / 2, parents.length, key);
      const value = parents.reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], defaults);
      found.push({ path: parents.join('.'), says: comment.join(' '), default: value });
      leafIndent = isGroup(value) ? Number.POSITIVE_INFINITY : indent.length;
    }
    comment = [];
  }
  return found;
}

/** Whether its parts are values of their own. */
function isGroup(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  // Resources and labels are one value, as Kubernetes has them.
  return keys.length > 0 && !keys.includes('requests') && keys.every((key) => !key.includes('/'));
}

function rowOf({ path, says, default: value }: ChartValue): string {
  const text = JSON.stringify(value);
  const shown = text.length > MAX_DEFAULT_CHARACTERS ? 'see values.yaml' : `\`${text}\``;
  return `| \`${path}\` | ${shown} | ${says.replaceAll('|', '\\|')} |`;
}
