import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '@margay/ports';
import { retry } from '@margay/runtime';
import { type DefinitionApi, TryAgain } from './definition-api.ts';
import { CrdError, type Definition } from './manifests.ts';

export interface InstallOptions {
  readonly api: DefinitionApi;
  readonly definitions: readonly Definition[];
  readonly clock: Clock;
  /** Aborts when the time is over. */
  readonly signal: AbortSignal;
  /** Takes one line for each definition that is done. */
  readonly print: (line: string) => void;
  /** Told why something is tried again. */
  readonly onRetry?: (reason: string) => void;
}

/**
 * Makes the cluster's definitions those of the manifests, and waits until all
 * are served. Idempotent; never deletes a definition, and never takes away a
 * version in which objects may still be stored.
 *
 * @throws {CrdError} a refusal that stays; the signal's reason when the time is over
 */
export async function installDefinitions(options: InstallOptions): Promise<void> {
  const { api, definitions, print } = options;
  for (const definition of definitions) {
    const { name } = definition.metadata;
    const done = await insist(options, () => applyOne(api, definition));
    await insist(options, () => checkEstablished(api, name));
    print(`${name}: ${done}`);
  }
}

/**
 * Deletes the definitions of the manifests, with all their objects, and waits
 * until they are gone.
 *
 * @throws {CrdError} a refusal that stays; the signal's reason when the time is over
 */
export async function deleteDefinitions(options: InstallOptions): Promise<void> {
  const { api, definitions, print } = options;
  for (const { metadata } of definitions) {
    const { name } = metadata;
    let wasThere = false;
    await insist(options, async () => {
      const stored = await api.get(name);
      if (stored === undefined) return;
      wasThere = true;
      if (stored.metadata.deletionTimestamp === undefined) await api.delete(stored);
      throw new TryAgain(`${name} is being deleted`);
    });
    print(`${name}: ${wasThere ? 'deleted' : 'was not there'}`);
  }
}

async function applyOne(api: DefinitionApi, wanted: Definition): Promise<'created' | 'updated' | 'unchanged'> {
  const { name } = wanted.metadata;
  const stored = await api.get(name);
  if (stored === undefined) {
    await api.create(wanted);
    return 'created';
  }
  if (stored.metadata.deletionTimestamp !== undefined) throw new TryAgain(`${name} is being deleted`);
  refuseLostVersions(wanted, stored);
  const next = merged(wanted, stored);
  if (isDeepStrictEqual(next, stored)) return 'unchanged';
  await api.replace(next);
  const after = await api.get(name);
  // The server adds what follows from the rest: only a new resourceVersion tells that something changed.
  return after?.metadata.resourceVersion === stored.metadata.resourceVersion ? 'unchanged' : 'updated';
}

/** The stored object with the spec of the manifest, and its labels and annotations beside those of others. */
function merged({ metadata, spec }: Definition, stored: Definition): Definition {
  const { labels, annotations } = metadata;
  return {
    ...stored,
    metadata: {
      ...stored.metadata,
      ...(labels !== undefined && { labels: { ...stored.metadata.labels, ...labels } }),
      ...(annotations !== undefined && { annotations: { ...stored.metadata.annotations, ...annotations } }),
    },
    spec,
  };
}

/** @throws {CrdError} objects may be stored in a version that the manifest does not have */
function refuseLostVersions({ metadata, spec }: Definition, { status }: Definition): void {
  const known = new Set(spec.versions.map(({ name }) => name));
  const lost = (status?.storedVersions ?? []).filter((name) => !known.has(name));
  if (lost.length === 0) return;
  throw new CrdError(
    `${metadata.name} has objects stored in version ${lost.join(', ')}, which this release does not know: ` +
      'install a release that knows it, or rewrite the objects and take the version out of status.storedVersions first.',
  );
}

/** @throws {CrdError} the name is another's; {TryAgain} not yet */
async function checkEstablished(api: DefinitionApi, name: string): Promise<void> {
  const conditions = (await api.get(name))?.status?.conditions ?? [];
  if (conditions.some(({ type, status }) => type === 'Established' && status === 'True')) return;
  const clash = conditions.find(({ type, status }) => type === 'NamesAccepted' && status === 'False');
  if (clash !== undefined) {
    throw new CrdError(
      `${name} cannot be served: ${clash.message ?? 'its names are taken'}; remove the other definition.`,
    );
  }
  throw new TryAgain(`${name} is not served yet`);
}

function insist<T>({ clock, signal, onRetry }: InstallOptions, action: () => Promise<T>): Promise<T> {
  return retry(action, {
    clock,
    signal,
    initialMs: 50,
    maxMs: 2_000,
    shouldRetry: (error) => error instanceof TryAgain,
    onRetry: (error) => onRetry?.((error as Error).message),
  });
}
