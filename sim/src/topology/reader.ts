import { describeYamlMistake } from '@margay/model';
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  type ParsedNode,
  parseDocument,
} from 'yaml';
import { TopologyError, type TopologyProblem } from './error.ts';

/** A place in the document: what stands there, and its path for people. */
export interface Cursor {
  readonly node: Node | null;
  readonly path: string;
  /** Offset in the text, where `node` is absent. */
  readonly offset: number;
}

/**
 * Reads values out of a YAML document and collects every mistake with its
 * place, instead of stopping at the first. A reading that failed returns
 * undefined and has been reported.
 */
export class YamlReader {
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed<ParsedNode>;
  readonly #problems: { readonly offset: number; readonly problem: TopologyProblem }[] = [];

  /** @throws {TopologyError} the text is not YAML. */
  constructor(text: string, file: string) {
    this.#file = file;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, version: '1.2' });
    for (const error of this.#document.errors) {
      this.#reportAt(error.pos[0], '', describeYamlMistake(error.code));
    }
    this.finish();
  }

  get root(): Cursor {
    return { node: this.#document.contents, path: '', offset: 0 };
  }

  report(cursor: Cursor, message: string): void {
    this.#reportAt(cursor.node?.range?.[0] ?? cursor.offset, cursor.path, message);
  }

  /** @throws {TopologyError} when anything was reported. */
  finish(): void {
    if (this.#problems.length === 0) return;
    const ordered = this.#problems.toSorted((a, b) => a.offset - b.offset);
    throw new TopologyError(ordered.map(({ problem }) => problem));
  }

  /** The fields of a map; unknown ones are reported. Undefined: it is no map. */
  fields<F extends string>(cursor: Cursor, allowed: readonly F[]): Partial<Record<F, Cursor>> | undefined {
    const node = this.#resolve(cursor);
    if (!isMap(node)) {
      this.report(cursor, `must be a map with the fields ${allowed.join(', ')}, not ${describe(node)}`);
      return undefined;
    }
    const found: Partial<Record<F, Cursor>> = {};
    for (const pair of node.items) {
      const key = keyOf(pair);
      const field = allowed.find((name) => name === key);
      if (field === undefined) {
        const at = { node: pair.key as Node, path: join(cursor.path, key), offset: cursor.offset };
        this.report(at, `unknown field '${key}'; the fields here are ${allowed.join(', ')}`);
      } else {
        found[field] = this.#child(pair, join(cursor.path, key), cursor);
      }
    }
    return found;
  }

  /** The text entries of a map with free keys, such as labels. */
  textMap(cursor: Cursor): Record<string, string> | undefined {
    const node = this.#resolve(cursor);
    if (!isMap(node)) {
      this.report(cursor, `must be a map of texts, such as {app: web}, not ${describe(node)}`);
      return undefined;
    }
    const entries = node.items.map((pair) => {
      const key = keyOf(pair);
      return [key, this.text(this.#child(pair, join(cursor.path, key), cursor))] as const;
    });
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  items(cursor: Cursor): Cursor[] | undefined {
    const node = this.#resolve(cursor);
    if (!isSeq(node)) {
      this.report(cursor, `must be a list, not ${describe(node)}`);
      return undefined;
    }
    return node.items.map((item, index) => ({
      node: item as Node | null,
      path: `${cursor.path}[${index}]`,
      offset: cursor.node?.range?.[0] ?? cursor.offset,
    }));
  }

  text(cursor: Cursor): string | undefined {
    const value = this.#scalar(cursor);
    if (typeof value === 'string') return value;
    this.report(
      cursor,
      `must be text, not ${describe(cursor.node)}${isScalar(cursor.node) ? '; put it in quotes' : ''}`,
    );
    return undefined;
  }

  integer(cursor: Cursor, min: number, max: number): number | undefined {
    const value = this.#scalar(cursor);
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    this.report(cursor, `must be a whole number from ${min} to ${max}, not ${describe(cursor.node)}`);
    return undefined;
  }

  flag(cursor: Cursor): boolean | undefined {
    const value = this.#scalar(cursor);
    if (typeof value === 'boolean') return value;
    this.report(cursor, `must be true or false, not ${describe(cursor.node)}`);
    return undefined;
  }

  oneOf<V extends string>(cursor: Cursor, values: readonly V[]): V | undefined {
    const text = this.#scalar(cursor);
    const value = values.find((candidate) => candidate === text);
    if (value === undefined) this.report(cursor, `must be ${orList(values)}, not ${describe(cursor.node)}`);
    return value;
  }

  #scalar(cursor: Cursor): unknown {
    const node = this.#resolve(cursor);
    return isScalar(node) ? node.value : undefined;
  }

  #resolve(cursor: Cursor): Node | null {
    return isAlias(cursor.node) ? (cursor.node.resolve(this.#document) ?? null) : cursor.node;
  }

  #child(pair: Pair, path: string, parent: Cursor): Cursor {
    const keyOffset = (pair.key as Node | null)?.range?.[0];
    return { node: pair.value as Node | null, path, offset: keyOffset ?? parent.offset };
  }

  #reportAt(offset: number, path: string, message: string): void {
    const { line, col } = this.#lines.linePos(offset);
    this.#problems.push({
      offset,
      problem: { file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1), path, message },
    });
  }
}

/** `a, b or c` */
export function orList(values: readonly string[]): string {
  if (values.length < 2) return values.join('');
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function describe(node: Node | null): string {
  if (node === null) return 'nothing';
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  if (isScalar(node)) return node.value === null ? 'nothing' : `'${String(node.value)}'`;
  return 'an alias';
}
