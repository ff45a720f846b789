import type { ApiObject } from '../api/types.ts';

/** One object of the input, with where it stands. */
export interface Manifest {
  readonly object: ApiObject;
  readonly file: string;
  /** Line of a field, or of the nearest thing around it that is there; of the object itself without one. */
  lineOf(field?: string): number;
}

/** One mistake in the input. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** `KIND/NAME`, as problems name an object. */
export function titleOf({ kind, metadata: { name, namespace } }: ApiObject): string {
  return namespace === undefined || namespace === 'default' ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}

export function problemOf(manifest: Manifest, field: string, why: string): Problem {
  const place = field === '' ? '' : `${field}: `;
  return {
    file: manifest.file,
    line: manifest.lineOf(field),
    text: `${titleOf(manifest.object)}: ${place}${why}`,
  };
}
