/** What all kinds share (meta/v1): names and types of the fields, in the notation of ../schema/parse-fields.ts. */
export const META_FIELDS = `
Condition
  lastTransitionTime! Time #4
  message! string #6
  observedGeneration int64 #3
  reason! string #5
  status! string #2
  type! string #1
LabelSelector atomic
  matchExpressions [LabelSelectorRequirement] #2
  matchLabels {string} #1
LabelSelectorRequirement
  key! string #1
  operator! string #2
  values [string] #3
ListMeta
  continue string #3
  remainingItemCount int64 #4*
  resourceVersion string #2
  selfLink string #1
ManagedFieldsEntry
  apiVersion string #3
  fieldsType string #6
  fieldsV1 FieldsV1 #7*
  manager string #1
  operation string #2
  subresource string #8
  time Time #4*
ObjectMeta
  annotations {string} #12
  creationTimestamp Time omitzero #8
  deletionGracePeriodSeconds int64 #10*
  deletionTimestamp Time #9*
  finalizers [string] merge set #14
  generateName string #2
  generation int64 #7
  labels {string} #11
  managedFields [ManagedFieldsEntry] #17
  name string #1
  namespace string #3
  ownerReferences [OwnerReference] merge=uid keys=uid #13
  resourceVersion string #6
  selfLink string #4
  uid string #5
OwnerReference atomic
  apiVersion! string #5
  blockOwnerDeletion boolean #7*
  controller boolean #6*
  kind! string #1
  name! string #3
  uid! string #4
`;

/** What comes with a delete (meta/v1). */
export const OPTIONS_FIELDS = `
DeleteOptions
  apiVersion string
  dryRun [string] #5
  gracePeriodSeconds int64 #1*
  ignoreStoreReadErrorWithClusterBreakingPotential boolean #6*
  kind string
  orphanDependents boolean #3*
  preconditions Preconditions #2*
  propagationPolicy string #4*
Preconditions
  resourceVersion string #2*
  uid string #1*
`;
