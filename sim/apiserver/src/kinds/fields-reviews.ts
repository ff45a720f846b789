/** Questions about oneself (authorization.k8s.io/v1, authentication.k8s.io/v1): in the notation of ../schema/parse-fields.ts. */
export const AUTHORIZATION_FIELDS = `
FieldSelectorAttributes
  rawSelector string #1
  requirements [FieldSelectorRequirement] #2
FieldSelectorRequirement
  key! string #1
  operator! string #2
  values [string] #3
LabelSelectorAttributes
  rawSelector string #1
  requirements [LabelSelectorRequirement] #2
NonResourceAttributes
  path string #1
  verb string #2
NonResourceRule
  nonResourceURLs [string] #2
  verbs! [string] #1
ResourceAttributes
  fieldSelector FieldSelectorAttributes #8*
  group string #3
  labelSelector LabelSelectorAttributes #9*
  name string #7
  namespace string #1
  resource string #5
  subresource string #6
  verb string #2
  version string #4
ResourceRule
  apiGroups [string] #2
  resourceNames [string] #4
  resources [string] #3
  verbs! [string] #1
SelfSubjectAccessReview
  apiVersion string
  kind string
  metadata ObjectMeta #1
  spec! SelfSubjectAccessReviewSpec #2
  status SubjectAccessReviewStatus #3
SelfSubjectAccessReviewSpec
  nonResourceAttributes NonResourceAttributes #2*
  resourceAttributes ResourceAttributes #1*
SelfSubjectRulesReview
  apiVersion string
  kind string
  metadata ObjectMeta #1
  spec! SelfSubjectRulesReviewSpec #2
  status SubjectRulesReviewStatus #3
SelfSubjectRulesReviewSpec
  namespace string #1
SubjectAccessReviewStatus
  allowed! boolean #1
  denied boolean #4
  evaluationError string #3
  reason string #2
SubjectRulesReviewStatus
  evaluationError string #4
  incomplete! boolean #3
  nonResourceRules! [NonResourceRule] #2
  resourceRules! [ResourceRule] #1
`;

export const AUTHENTICATION_FIELDS = `
SelfSubjectReview
  apiVersion string
  kind string
  metadata ObjectMeta #1
  status SelfSubjectReviewStatus #2
SelfSubjectReviewStatus
  userInfo UserInfo #1
UserInfo
  extra object #4
  groups [string] #3
  uid string #2
  username string #1
`;
