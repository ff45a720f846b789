import type { Resource } from '@margay/model';

export function withStatus(before: Resource, wanted: Resource): Resource {
  const after = structuredClone(before);
  setStatus(after, statusOf(wanted));
  return after;
}

export function statusOf(object: Resource): unknown {
  return (object as { status?: unknown }).status;
}

export function setStatus(object: Resource, status: unknown): void {
  const target = object as { status?: unknown };
  if (status === undefined) delete target.status;
  else target.status = structuredClone(status);
}

export function specText(object: Resource): string {
  return canonicalText((object as { spec?: unknown }).spec ?? null);
}

/** Equal for values that differ only in the order of their keys. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
