import type { Resource } from '@margay/model';
import { type ListOptions, StoreError } from '@margay/ports';

/**
 * What a list or watch shows. Label selectors of `=`, `==`, `!=`, `key` and
 * `!key`; field selectors of `=`, `==` and `!=` over any path. What is not
 * understood is refused, never ignored.
 */
export function selectionOf({ namespace, labelSelector, fieldSelector }: ListOptions): (object: Resource) => boolean {
  const labels = termsOf(labelSelector);
  const fields = termsOf(fieldSelector);
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    labels.every((term) => matches(term, object.metadata.labels?.[term.key])) &&
    fields.every((term) => matches(term, fieldOf(object, term.key) ?? ''));
}

interface Term {
  readonly key: string;
  readonly operator: '=' | '!=' | 'exists' | 'absent';
  readonly value: string;
}

function termsOf(selector: string | undefined): Term[] {
  if (selector === undefined || selector === '') return [];
  return selector.split(',').map((text) => {
    const match = /^\s*(!?)([A-Za-z0-9./_-]+)\s*(?:(==|=|!=)\s*([A-Za-z0-9._-]*)\s*)?$/.exec(text);
    if (match === null) throw new StoreError('INVALID', `the selector '${text}' is not supported here`);
    const [, not = '', key = '', operator, value = ''] = match;
    if (operator === undefined) return { key, operator: not === '' ? 'exists' : 'absent', value };
    return { key, operator: operator === '!=' ? '!=' : '=', value };
  });
}

function matches({ operator, value }: Term, actual: string | undefined): boolean {
  switch (operator) {
    case '=':
      return actual === value;
    case '!=':
      return actual !== value;
    case 'exists':
      return actual !== undefined;
    case 'absent':
      return actual === undefined;
  }
}

function fieldOf(object: Resource, path: string): string | undefined {
  let value: unknown = object;
  for (const part of path.split('.')) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined;
  }
  return value === undefined ? undefined : String(value);
}
