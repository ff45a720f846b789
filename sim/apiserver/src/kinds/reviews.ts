import type { FieldError } from '../error.ts';
import type { ServedResource } from '../registry/served-resource.ts';
import type { ApiObject } from '../storage/entry.ts';
import { builtIn } from './built-in.ts';

// What one may ask the server about oneself: `kubectl auth can-i` and
// `kubectl auth whoami`. Every user that the server knows may do everything.

const EVERYTHING = ['*'];

const SELF_SUBJECT_ACCESS_REVIEW = builtIn({
  group: 'authorization.k8s.io',
  kind: 'SelfSubjectAccessReview',
  plural: 'selfsubjectaccessreviews',
  namespaced: false,
  strategy: { validate: accessReviewErrors },
  answer: () => ({ allowed: true, reason: 'every known user may do everything' }),
});

const SELF_SUBJECT_RULES_REVIEW = builtIn({
  group: 'authorization.k8s.io',
  kind: 'SelfSubjectRulesReview',
  plural: 'selfsubjectrulesreviews',
  namespaced: false,
  answer: () => ({
    resourceRules: [{ verbs: EVERYTHING, apiGroups: EVERYTHING, resources: EVERYTHING }],
    nonResourceRules: [{ verbs: EVERYTHING, nonResourceURLs: EVERYTHING }],
    incomplete: false,
  }),
});

const SELF_SUBJECT_REVIEW = builtIn({
  group: 'authentication.k8s.io',
  kind: 'SelfSubjectReview',
  plural: 'selfsubjectreviews',
  namespaced: false,
  answer: (user) => ({ userInfo: { username: user, groups: ['system:authenticated'] } }),
});

export const REVIEWS: readonly ServedResource[] = [
  SELF_SUBJECT_ACCESS_REVIEW,
  SELF_SUBJECT_RULES_REVIEW,
  SELF_SUBJECT_REVIEW,
];

function accessReviewErrors({ spec }: ApiObject): FieldError[] {
  const { resourceAttributes, nonResourceAttributes } = spec as Record<string, unknown>;
  if ((resourceAttributes === undefined) !== (nonResourceAttributes === undefined)) return [];
  const message = 'Invalid value: exactly one of nonResourceAttributes or resourceAttributes must be specified';
  return [{ field: 'spec.resourceAttributes', type: 'FieldValueInvalid', message }];
}
