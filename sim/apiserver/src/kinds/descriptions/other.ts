/** What `kubectl explain` says about the smaller kinds, in the notation of ../../schema/parse-descriptions.ts. */
export const OTHER_DESCRIPTIONS = `
AnyKind: An object of the API.
  apiVersion: The group and version of the API that the object is written in.
  kind: What the object is.
  metadata: Its name, its labels, and other data that every object has.
  spec: What is wanted.
  status: What was observed last.
ConfigMap: Configuration for pods, as named texts.
  binaryData: The items that are not text, in base64.
  data: The items that are text.
  immutable: The items cannot be changed any more.
CustomResourceColumnDefinition: A column that \`kubectl get\` shows.
  description: What the column tells.
  format: The form of the value, as date-time.
  jsonPath: Where the value stands in an object.
  name: The heading of the column.
  priority: 0 is always shown; others with -o wide.
  type: integer, number, string, boolean or date.
CustomResourceDefinition: A kind that is added to the API.
CustomResourceDefinitionNames: What a kind is called.
  categories: Groups of kinds that it is listed with, as \`all\`.
  kind: Its name in objects, as IPPool.
  listKind: The name of its lists; the kind with List when absent.
  plural: Its name in paths, as ippools.
  shortNames: Short names for kubectl.
  singular: Its name for one object; the kind in small letters when absent.
CustomResourceDefinitionSpec: What is wanted of an added kind.
  conversion: How one version becomes another.
  group: The group of the API.
  names: What the kind is called.
  preserveUnknownFields: Must be false.
  scope: Namespaced or Cluster.
  versions: The versions of the kind, each with its schema.
CustomResourceDefinitionVersion: One version of an added kind.
  additionalPrinterColumns: The columns that \`kubectl get\` shows; the age when absent.
  deprecated: Who uses it is warned.
  deprecationWarning: What the warning says.
  name: The name of the version, as v1.
  schema: The fields of the kind, and what they may be.
  selectableFields: Fields that can be selected by.
  served: It can be used.
  storage: Objects are stored in this version; one version must be so marked.
  subresources: Paths below an object, as status.
Event: Something that happened to an object.
  action: What was done or tried.
  count: How often it happened.
  eventTime: When it happened.
  firstTimestamp: When it happened first.
  involvedObject: The object that it happened to.
  lastTimestamp: When it happened last.
  message: What happened, in a sentence.
  reason: Why, in one word.
  related: A second object that has to do with it.
  reportingComponent: The component that reports it.
  reportingInstance: Which of its processes reports it.
  series: How an event that goes on has gone on.
  source: The component that reports it, in the old form.
  type: Normal or Warning.
Lease: Who holds a role, and until when.
LeaseSpec: Who holds a role, and until when.
  acquireTime: When the holder took it.
  holderIdentity: Who holds it.
  leaseDurationSeconds: Seconds after renewTime until others may take it.
  leaseTransitions: How often it changed hands.
  preferredHolder: Who should take it next.
  renewTime: When the holder renewed it last.
  strategy: How holders are chosen.
LocalObjectReference: Names an object of the same namespace.
  name: The name of the object.
ObjectReference: Names an object.
  apiVersion: The API version of the object.
  fieldPath: The part of the object that is meant.
  kind: The kind of the object.
  name: The name of the object.
  namespace: The namespace of the object.
  resourceVersion: The version of the object that is meant.
  uid: The uid of the object.
Secret: Named values that are confidential.
  data: The items, in base64.
  immutable: The items cannot be changed any more.
  stringData: Items as plain text, for writing only: they become part of data.
  type: What the secret is for; Opaque when absent. Cannot be changed.
ServiceAccount: A name under which pods speak to the API.
  automountServiceAccountToken: Whether its pods get a token.
  imagePullSecrets: Secrets with which images are fetched.
  secrets: Secrets that its pods may use.
`;
