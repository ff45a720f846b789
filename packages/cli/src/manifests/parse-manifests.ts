import { describeYamlMistake } from '@margay/model';
import { type Document, isNode, isScalar, isMap as isYamlMap, LineCounter, parseAllDocuments } from 'yaml';
import { type ApiObject, isMap } from '../api/types.ts';
import { splitField } from './field-path.ts';
import type { Manifest, Problem } from './manifest.ts';
import type { InputFile } from './read-input.ts';

export interface ParsedInput {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly Problem[];
}

/**
 * Reads YAML and JSON, with several documents a file and with Lists, and
 * finds what is wrong with their form: syntax, and missing names and kinds.
 */
export function parseManifests(files: readonly InputFile[]): ParsedInput {
  const manifests: Manifest[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    const lines = new LineCounter();
    const documents = parseAllDocuments(file.text, { lineCounter: lines, prettyErrors: false, merge: true });
    if (!Array.isArray(documents)) continue;
    for (const document of documents) {
      const found = readDocument(document, file.name, lines);
      manifests.push(...found.manifests);
      problems.push(...found.problems);
    }
  }
  return { manifests, problems };
}

function readDocument(document: Document.Parsed, file: string, lines: LineCounter): ParsedInput {
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, code }) => {
      const { line, col } = lines.linePos(pos[0]);
      return { file, line, text: `${col}: ${describeYamlMistake(code)}` };
    });
    return { manifests: [], problems };
  }
  const place = new Place({ document, file, lines });
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    // What shows only now: aliases that lead nowhere or unfold without end, and merge keys.
    const code = error instanceof ReferenceError ? 'BAD_ALIAS' : 'BAD_MERGE_KEY';
    return { manifests: [], problems: [place.problem(describeYamlMistake(code))] };
  }
  return value === null || value === undefined ? { manifests: [], problems: [] } : readValue(value, place);
}

function readValue(value: unknown, place: Place): ParsedInput {
  if (!isMap(value))
    return { manifests: [], problems: [place.problem('must be an object with apiVersion, kind and metadata')] };
  if (typeof value.kind === 'string' && value.kind.endsWith('List') && Array.isArray(value.items)) {
    const items = value.items.map((item, index) => readValue(item, place.below('items', index)));
    return {
      manifests: items.flatMap(({ manifests }) => manifests),
      problems: items.flatMap(({ problems }) => problems),
    };
  }
  const problems = formProblems(value, place);
  if (problems.length > 0) return { manifests: [], problems };
  const object = value as ApiObject;
  return { manifests: [{ object, file: place.file, lineOf: (field = '') => place.lineOf(field) }], problems: [] };
}

function formProblems(value: Record<string, unknown>, place: Place): Problem[] {
  const { apiVersion, kind, metadata } = value;
  const title = typeof kind === 'string' && kind !== '' ? `${kind}: ` : '';
  const problems: Problem[] = [];
  const check = (field: string, given: unknown, example: string): void => {
    if (typeof given === 'string' && given !== '') return;
    const why =
      given === undefined || given === null || given === ''
        ? 'is missing'
        : `must be a text, not ${JSON.stringify(given)}`;
    problems.push(place.problem(`${title}${field}: ${why}; write ${example}`, field));
  };
  check('apiVersion', apiVersion, 'one as apiVersion: v1');
  check('kind', kind, 'one as kind: Pod');
  if (metadata !== undefined && metadata !== null && !isMap(metadata)) {
    problems.push(place.problem(`${title}metadata: must be an object with a name`, 'metadata'));
    return problems;
  }
  const { name, namespace, annotations } = isMap(metadata) ? metadata : {};
  check('metadata.name', name, 'the name of the object');
  if (namespace !== undefined && namespace !== null && typeof namespace !== 'string') {
    problems.push(
      place.problem(
        `${title}metadata.namespace: must be a text, not ${JSON.stringify(namespace)}`,
        'metadata.namespace',
      ),
    );
  }
  if (annotations !== undefined && annotations !== null && !isMap(annotations)) {
    problems.push(place.problem(`${title}metadata.annotations: must be an object`, 'metadata.annotations'));
  }
  return problems;
}

/** A part of a document, for telling where things are. */
class Place {
  readonly file: string;
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;
  readonly #path: readonly (string | number)[];

  constructor(from: {
    readonly document: Document.Parsed;
    readonly file: string;
    readonly lines: LineCounter;
    readonly path?: readonly (string | number)[];
  }) {
    this.file = from.file;
    this.#document = from.document;
    this.#lines = from.lines;
    this.#path = from.path ?? [];
  }

  below(...keys: (string | number)[]): Place {
    return new Place({ document: this.#document, file: this.file, lines: this.#lines, path: [...this.#path, ...keys] });
  }

  problem(text: string, field = ''): Problem {
    return { file: this.file, line: this.lineOf(field), text };
  }

  lineOf(field: string): number {
    const path = [...this.#path, ...splitField(field)];
    for (let length = path.length; length >= this.#path.length; length -= 1) {
      const offset = this.#offsetOf(path.slice(0, length));
      if (offset !== undefined) return this.#lines.linePos(offset).line;
    }
    return 1;
  }

  /** Where the key stands; for an element of a list, or the whole document, where the value starts. */
  #offsetOf(path: readonly (string | number)[]): number | undefined {
    const node = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    const key = path.at(-1);
    if (path.length > 0) {
      const parent = path.length === 1 ? this.#document.contents : this.#document.getIn(path.slice(0, -1), true);
      if (isYamlMap(parent)) {
        const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key);
        if (pair !== undefined && isNode(pair.key) && pair.key.range) return pair.key.range[0];
      }
    }
    return isNode(node) && node.range ? node.range[0] : undefined;
  }
}
