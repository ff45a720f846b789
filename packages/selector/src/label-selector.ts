import { SelectorError } from './error.ts';
import { EVERYTHING, NOTHING, type Requirement, requirementOf, type Selector, selectorOf } from './selector.ts';
import { checkLabelKey, checkLabelValue } from './syntax.ts';

/**
 * Compiles a `LabelSelector`. Absent or null selects nothing, an empty object
 * selects everything (Kubernetes API reference, LabelSelector). Where a field
 * means something else by its absence, the caller decides before this.
 *
 * @param selector Kubernetes' `LabelSelector` as it stands in an object; nothing about it is trusted.
 * @param path Where the selector stands, like `spec.podSelector`; errors name the place below it.
 * @throws {SelectorError} for anything that is not understood: never read as "none" or "all".
 */
export function compileLabelSelector(selector: unknown, path: string): Selector {
  if (selector === undefined || selector === null) return NOTHING;
  const fields = objectAt(selector, path);
  for (const field of Object.keys(fields)) {
    if (field !== 'matchLabels' && field !== 'matchExpressions') {
      throw new SelectorError('MALFORMED', `${path}.${field}`, `a label selector has no field '${field}'`);
    }
  }
  const requirements = [
    ...labelRequirements(fields.matchLabels, `${path}.matchLabels`),
    ...expressionRequirements(fields.matchExpressions, `${path}.matchExpressions`),
  ];
  return requirements.length === 0 ? EVERYTHING : selectorOf(requirements);
}

function labelRequirements(matchLabels: unknown, path: string): Requirement[] {
  if (matchLabels === undefined || matchLabels === null) return [];
  return Object.entries(objectAt(matchLabels, path)).map(([key, value]) => {
    checkLabelKey(key, path);
    const place = `${path}.${key}`;
    return requirementOf(key, 'In', [labelValueAt(value, place)]);
  });
}

function expressionRequirements(expressions: unknown, path: string): Requirement[] {
  if (expressions === undefined || expressions === null) return [];
  if (!Array.isArray(expressions)) throw new SelectorError('MALFORMED', path, 'must be a list');
  return expressions.map((expression: unknown, index) => expressionRequirement(expression, `${path}[${index}]`));
}

function expressionRequirement(expression: unknown, path: string): Requirement {
  const fields = objectAt(expression, path);
  for (const field of Object.keys(fields)) {
    if (field !== 'key' && field !== 'operator' && field !== 'values') {
      throw new SelectorError('MALFORMED', `${path}.${field}`, `a selector requirement has no field '${field}'`);
    }
  }
  const { key, operator } = fields;
  if (typeof key !== 'string') throw new SelectorError('MALFORMED', `${path}.key`, 'must be a label key');
  checkLabelKey(key, `${path}.key`);
  const values = valuesAt(fields.values, `${path}.values`);
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) {
        throw new SelectorError('BAD_VALUE_COUNT', `${path}.values`, `${operator} needs at least one value`);
      }
      return requirementOf(key, operator, values);
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) {
        throw new SelectorError('BAD_VALUE_COUNT', `${path}.values`, `${operator} takes no values`);
      }
      return requirementOf(key, operator);
    default:
      throw new SelectorError(
        'UNKNOWN_OPERATOR',
        `${path}.operator`,
        `${JSON.stringify(operator) ?? 'nothing'} is not an operator: use In, NotIn, Exists or DoesNotExist`,
      );
  }
}

function valuesAt(values: unknown, path: string): string[] {
  if (values === undefined || values === null) return [];
  if (!Array.isArray(values)) throw new SelectorError('MALFORMED', path, 'must be a list');
  return values.map((value: unknown, index) => labelValueAt(value, `${path}[${index}]`));
}

function labelValueAt(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new SelectorError('MALFORMED', path, 'must be a string');
  checkLabelValue(value, path);
  return value;
}

function objectAt(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SelectorError('MALFORMED', path, 'must be an object');
  }
  return value as Record<string, unknown>;
}
