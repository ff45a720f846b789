import type { LabelSelector } from '@margay/model';
import { isLabelKey } from '@margay/selector';
import type { FieldError } from '../error.ts';
import { invalidValue, labelErrors } from '../registry/metadata.ts';
import { forbidden, required } from './field-errors.ts';

/** What is wrong with a label selector (Kubernetes API reference, meta/v1). */
export function selectorErrors(selector: LabelSelector | undefined, path: string): FieldError[] {
  const { matchLabels, matchExpressions = [] } = selector ?? {};
  return [
    ...labelErrors(matchLabels, `${path}.matchLabels`),
    ...matchExpressions.flatMap((requirement, index) =>
      requirementErrors(requirement, `${path}.matchExpressions[${index}]`),
    ),
  ];
}

function requirementErrors(
  { key, operator, values = [] }: NonNullable<LabelSelector['matchExpressions']>[number],
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) errors.push(required(`${path}.values`));
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) errors.push(forbidden(`${path}.values`, `${operator} takes no values`));
  } else errors.push(invalidValue(`${path}.operator`, operator, 'use In, NotIn, Exists or DoesNotExist'));
  if (!isLabelKey(key)) {
    errors.push(invalidValue(`${path}.key`, key, 'is not a label key: write name or example.com/name'));
  }
  return errors;
}
