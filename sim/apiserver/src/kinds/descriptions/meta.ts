/** What `kubectl explain` says about the data that all kinds share, in the notation of ../../schema/parse-descriptions.ts. */
export const META_DESCRIPTIONS = `
Condition: One thing that is observed about an object, and whether it is so.
  lastTransitionTime: When the status changed last.
  message: Details for people.
  observedGeneration: The generation of the object that was looked at.
  reason: Why, in one word.
  status: True, False or Unknown.
  type: What is observed.
LabelSelector: Matches objects by label; all requirements must hold. Empty matches everything.
  matchExpressions: Requirements with operators.
  matchLabels: Labels that must be there with just these values.
LabelSelectorRequirement: One requirement on one label.
  key: The label.
  operator: In, NotIn, Exists or DoesNotExist.
  values: The values for In and NotIn; empty for the others.
ListMeta: Data that every list has.
  continue: Ask with this for the next page.
  remainingItemCount: How many objects are left after this page, as far as it is known.
  resourceVersion: The version of the state that the list shows; watches can start here.
  selfLink: Not used any more.
ObjectMeta: Data that every object has.
  annotations: Free key-value pairs for tools; they cannot be selected by.
  creationTimestamp: When the server stored the object first. Read-only.
  deletionGracePeriodSeconds: Seconds the object has to end in good order once deleted. Read-only.
  deletionTimestamp: Set by a delete that has to wait: for a grace period or for finalizers. Read-only.
  finalizers: The object is removed only when this list is empty.
  generateName: A prefix from which the server makes a unique name when none is given.
  generation: Counts the changes of the desired state. Read-only.
  labels: Key-value pairs that selectors match.
  managedFields: Who set which field, for server-side apply. This server keeps none.
  name: Unique among the objects of its kind in a namespace. Cannot be changed.
  namespace: The space within which the name is unique. Cannot be changed.
  ownerReferences: Objects that this one belongs to: with the last of them it goes, too.
  resourceVersion: The version of the stored object; an update that names another one is refused.
  selfLink: Not used any more.
  uid: Unique over all time; a new object of the same name has another one. Read-only.
OwnerReference: Names an object that another one belongs to.
  apiVersion: The API version of the owner.
  blockOwnerDeletion: The owner cannot go in the foreground before this object has gone.
  controller: The owner is the one that manages the object.
  kind: The kind of the owner.
  name: The name of the owner.
  uid: The uid of the owner.
`;
