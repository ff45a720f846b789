/** What all kinds share (meta/v1): names and types of the fields, in the notation of ../schema/parse-fields.ts. */
export const META_FIELDS = `
Condition
  lastTransitionTime! Time
  message! string
  observedGeneration int64
  reason! string
  status! string
  type! string
LabelSelector atomic
  matchExpressions [LabelSelectorRequirement]
  matchLabels {string}
LabelSelectorRequirement
  key! string
  operator! string
  values [string]
ListMeta
  continue string
  remainingItemCount int64
  resourceVersion string
  selfLink string
ManagedFieldsEntry
  apiVersion string
  fieldsType string
  fieldsV1 FieldsV1
  manager string
  operation string
  subresource string
  time Time
ObjectMeta
  annotations {string}
  creationTimestamp Time
  deletionGracePeriodSeconds int64
  deletionTimestamp Time
  finalizers [string] merge set
  generateName string
  generation int64
  labels {string}
  managedFields [ManagedFieldsEntry]
  name string
  namespace string
  ownerReferences [OwnerReference] merge=uid keys=uid
  resourceVersion string
  selfLink string
  uid string
OwnerReference atomic
  apiVersion! string
  blockOwnerDeletion boolean
  controller boolean
  kind! string
  name! string
  uid! string
`;
