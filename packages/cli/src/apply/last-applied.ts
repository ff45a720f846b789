import { type ApiObject, isMap, type JsonMap } from '../api/types.ts';

/** kubectl's own annotation: its `apply` and this one read each other's. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** The object as it is sent: with itself, as the user wrote it, in the annotation. */
export function withLastApplied(object: ApiObject): ApiObject {
  const { annotations, ...metadata } = object.metadata;
  const { [LAST_APPLIED]: _earlier, ...others } = annotations ?? {};
  const written = { ...object, metadata: { ...metadata, annotations: others } };
  return { ...written, metadata: { ...written.metadata, annotations: { ...others, [LAST_APPLIED]: encode(written) } } };
}

/** What an earlier apply set; undefined when there was none, or when it cannot be read. */
export function readLastApplied(object: ApiObject): JsonMap | undefined {
  const text = object.metadata.annotations?.[LAST_APPLIED];
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isMap(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** As kubectl writes it: keys sorted, the letters that HTML gives a meaning escaped, a line end. */
function encode(value: unknown): string {
  const text = JSON.stringify(sortKeys(value));
  return `${text.replace(/[<>&\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}
