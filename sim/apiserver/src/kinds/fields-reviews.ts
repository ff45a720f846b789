/** Questions about oneself (authorization.k8s.io/v1, authentication.k8s.io/v1): in the notation of ../schema/parse-fields.ts. */
export const AUTHORIZATION_FIELDS = `
FieldSelectorAttributes
  rawSelector string
  requirements [FieldSelectorRequirement]
FieldSelectorRequirement
  key! string
  operator! string
  values [string]
LabelSelectorAttributes
  rawSelector string
  requirements [LabelSelectorRequirement]
NonResourceAttributes
  path string
  verb string
NonResourceRule
  nonResourceURLs [string]
  verbs! [string]
ResourceAttributes
  fieldSelector FieldSelectorAttributes
  group string
  labelSelector LabelSelectorAttributes
  name string
  namespace string
  resource string
  subresource string
  verb string
  version string
ResourceRule
  apiGroups [string]
  resourceNames [string]
  resources [string]
  verbs! [string]
SelfSubjectAccessReview
  apiVersion string
  kind string
  metadata ObjectMeta
  spec! SelfSubjectAccessReviewSpec
  status SubjectAccessReviewStatus
SelfSubjectAccessReviewSpec
  nonResourceAttributes NonResourceAttributes
  resourceAttributes ResourceAttributes
SelfSubjectRulesReview
  apiVersion string
  kind string
  metadata ObjectMeta
  spec! SelfSubjectRulesReviewSpec
  status SubjectRulesReviewStatus
SelfSubjectRulesReviewSpec
  namespace string
SubjectAccessReviewStatus
  allowed! boolean
  denied boolean
  evaluationError string
  reason string
SubjectRulesReviewStatus
  evaluationError string
  incomplete! boolean
  nonResourceRules! [NonResourceRule]
  resourceRules! [ResourceRule]
`;

export const AUTHENTICATION_FIELDS = `
SelfSubjectReview
  apiVersion string
  kind string
  metadata ObjectMeta
  status SelfSubjectReviewStatus
SelfSubjectReviewStatus
  userInfo UserInfo
UserInfo
  extra object
  groups [string]
  uid string
  username string
`;
