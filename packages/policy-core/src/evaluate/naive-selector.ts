import type { LabelSelector } from '@margay/model';

/** A selector known to be well formed, straight from its definition. */
export function naiveSelectorMatches(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (!(key in labels) || labels[key] !== value) return false;
  }
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    const present = key in labels;
    const listed = present && (values ?? []).includes(labels[key] as string);
    if (operator === 'In' && !listed) return false;
    if (operator === 'NotIn' && listed) return false;
    if (operator === 'Exists' && !present) return false;
    if (operator === 'DoesNotExist' && present) return false;
  }
  return true;
}

/** Whether every part of the selector is one that the function above knows. */
export function isNaiveSelector(selector: unknown): selector is LabelSelector {
  if (!isObject(selector) || !hasOnly(selector, ['matchLabels', 'matchExpressions'])) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  if (!isObject(matchLabels) || !Array.isArray(matchExpressions)) return false;
  return (
    Object.entries(matchLabels).every(([key, value]) => isWord(key) && (value === '' || isWord(value))) &&
    matchExpressions.every((expression) => {
      if (!isObject(expression) || !hasOnly(expression, ['key', 'operator', 'values'])) return false;
      const { key, operator, values = [] } = expression;
      if (!isWord(key) || !Array.isArray(values)) return false;
      if (!values.every((value) => value === '' || isWord(value))) return false;
      if (operator === 'In' || operator === 'NotIn') return values.length > 0;
      return (operator === 'Exists' || operator === 'DoesNotExist') && values.length === 0;
    })
  );
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function hasOnly(value: Record<string, unknown>, fields: readonly string[]): boolean {
  return Object.keys(value).every((field) => fields.includes(field));
}

/** Label keys and values, with the prefix of a key not looked at closely. */
function isWord(value: unknown): boolean {
  return typeof value === 'string' && /^([a-z0-9.-]+\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/.test(value);
}
