/**
 * Splits a field as the API server names it into keys:
 * `spec.containers[0].ports` and `metadata.labels[example.com/app]`.
 */
export function splitField(field: string): (string | number)[] {
  const keys: (string | number)[] = [];
  for (const [, name, index] of field.matchAll(/([^.[\]]+)|\[([^\]]*)\]/g)) {
    if (name !== undefined) keys.push(name);
    else if (index !== undefined) keys.push(/^\d+$/.test(index) ? Number(index) : index.replace(/^"|"$/g, ''));
  }
  return keys;
}
