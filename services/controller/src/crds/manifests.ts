import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** A CustomResourceDefinition, as far as the installer looks into it. */
export interface Definition {
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly versions: readonly { readonly name: string }[] };
  readonly status?: {
    readonly storedVersions?: readonly string[];
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

/** What was asked cannot be done as it stands: trying again changes nothing. */
export class CrdError extends Error {
  override readonly name = 'CrdError';
}

/** The definitions of a folder's YAML files, by file name. @throws {CrdError} naming the file and the fault */
export function readDefinitions(folder: string): Definition[] {
  const definitions = namesIn(folder).flatMap((name) => readFile(join(folder, name)));
  if (definitions.length === 0) {
    throw new CrdError(`${folder} has no YAML file with a CustomResourceDefinition: give the folder with --dir.`);
  }
  return definitions;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort();
  } catch (error) {
    throw new CrdError(`Cannot read the folder ${folder}: ${(error as Error).message}.`, { cause: error });
  }
}

function readFile(file: string): Definition[] {
  return parseAllDocuments(readFileSync(file, 'utf8')).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new CrdError(`${file} is not YAML: ${error.message.split('\n', 1)[0]}`);
    const value: unknown = document.toJS();
    if (value === null || value === undefined) return [];
    if (!isDefinition(value)) {
      throw new CrdError(`${file} has something that is no CustomResourceDefinition: keep only those in the folder.`);
    }
    return [value];
  });
}

function isDefinition(value: unknown): value is Definition {
  const { kind, metadata, spec } = value as { kind?: unknown; metadata?: { name?: unknown }; spec?: object };
  return (
    kind === 'CustomResourceDefinition' &&
    typeof metadata?.name === 'string' &&
    typeof spec === 'object' &&
    'versions' in spec &&
    Array.isArray(spec.versions)
  );
}
