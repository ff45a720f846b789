import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describeYamlMistake } from '@margay/model';
import { LineCounter, parseAllDocuments } from 'yaml';
import { ApiError } from '../error.ts';
import { CUSTOM_RESOURCE_DEFINITION } from '../kinds/custom-resource-definition.ts';
import type { RegistryContext, WriteOptions } from '../registry/context.ts';
import { createObject } from '../registry/create.ts';
import { collectionOf } from '../registry/served-resource.ts';
import { updateObject } from '../registry/update.ts';
import type { ApiObject } from '../storage/entry.ts';

const OPTIONS: WriteOptions = { dryRun: false, fieldValidation: 'Strict', duplicates: [], warn: () => {} };

/**
 * Stores the definitions of a directory's manifests, as an installation would;
 * those that are stored already are brought up to date.
 *
 * @throws {Error} naming the file: unreadable, or not a valid definition
 */
export function loadCrds(context: RegistryContext, directory: string): void {
  const files = readdirSync(directory).filter((name) => /\.ya?ml$/.test(name));
  for (const file of files.sort()) {
    const path = join(directory, file);
    const lines = new LineCounter();
    for (const document of parseAllDocuments(readFileSync(path, 'utf8'), { lineCounter: lines, prettyErrors: false })) {
      const [error] = document.errors;
      if (error !== undefined) {
        const { line, col } = lines.linePos(error.pos[0]);
        throw new Error(`${path}:${line}:${col}: ${describeYamlMistake(error.code)}`, { cause: error });
      }
      const manifest = document.toJS() as ApiObject | null;
      if (manifest !== null) store(context, manifest, path);
    }
  }
}

function store(context: RegistryContext, manifest: ApiObject, path: string): void {
  const resource = CUSTOM_RESOURCE_DEFINITION;
  const name = manifest.metadata?.name;
  try {
    const current = typeof name === 'string' ? context.store.get(collectionOf(resource), name) : undefined;
    if (current === undefined) createObject(context, resource, undefined, manifest, OPTIONS);
    else if (!isDeepStrictEqual(manifest.spec, current.object.spec)) {
      const patched = { ...structuredClone(current.object), spec: manifest.spec };
      updateObject(context, { resource, namespace: undefined, name }, patched, { ...OPTIONS, patch: true });
    }
  } catch (error) {
    if (error instanceof ApiError) throw new Error(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}
