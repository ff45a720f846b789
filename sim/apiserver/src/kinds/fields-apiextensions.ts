/** CustomResourceDefinition (apiextensions.k8s.io/v1): names and types of the fields, in the notation of ../schema/parse-fields.ts. */
export const APIEXTENSIONS_FIELDS = `
CustomResourceColumnDefinition
  description string
  format string
  jsonPath! string
  name! string
  priority int32
  type! string
CustomResourceConversion
  strategy! string
  webhook WebhookConversion
CustomResourceDefinition
  apiVersion string
  kind string
  metadata ObjectMeta
  spec! CustomResourceDefinitionSpec
  status CustomResourceDefinitionStatus
CustomResourceDefinitionCondition
  lastTransitionTime Time
  message string
  reason string
  status! string
  type! string
CustomResourceDefinitionNames
  categories [string]
  kind! string
  listKind string
  plural! string
  shortNames [string]
  singular string
CustomResourceDefinitionSpec
  conversion CustomResourceConversion
  group! string
  names! CustomResourceDefinitionNames
  preserveUnknownFields boolean
  scope! string
  versions! [CustomResourceDefinitionVersion]
CustomResourceDefinitionStatus
  acceptedNames CustomResourceDefinitionNames
  conditions [CustomResourceDefinitionCondition] keys=type
  storedVersions [string]
CustomResourceDefinitionVersion
  additionalPrinterColumns [CustomResourceColumnDefinition]
  deprecated boolean
  deprecationWarning string
  name! string
  schema CustomResourceValidation
  selectableFields [SelectableField]
  served! boolean
  storage! boolean
  subresources CustomResourceSubresources
CustomResourceSubresourceScale
  labelSelectorPath string
  specReplicasPath! string
  statusReplicasPath! string
CustomResourceSubresourceStatus
CustomResourceSubresources
  scale CustomResourceSubresourceScale
  status CustomResourceSubresourceStatus
CustomResourceValidation
  openAPIV3Schema JSONSchemaProps
ExternalDocumentation
  description string
  url string
JSONSchemaProps
  $ref string
  $schema string
  additionalItems JSONSchemaPropsOrBool
  additionalProperties JSONSchemaPropsOrBool
  allOf [JSONSchemaProps]
  anyOf [JSONSchemaProps]
  default JSON
  definitions {JSONSchemaProps}
  dependencies {JSONSchemaPropsOrStringArray}
  description string
  enum [JSON]
  example JSON
  exclusiveMaximum boolean
  exclusiveMinimum boolean
  externalDocs ExternalDocumentation
  format string
  id string
  items JSONSchemaPropsOrArray
  maxItems int64
  maxLength int64
  maxProperties int64
  maximum double
  minItems int64
  minLength int64
  minProperties int64
  minimum double
  multipleOf double
  not JSONSchemaProps
  nullable boolean
  oneOf [JSONSchemaProps]
  pattern string
  patternProperties {JSONSchemaProps}
  properties {JSONSchemaProps}
  required [string]
  title string
  type string
  uniqueItems boolean
  x-kubernetes-embedded-resource boolean
  x-kubernetes-int-or-string boolean
  x-kubernetes-list-map-keys [string]
  x-kubernetes-list-type string
  x-kubernetes-map-type string
  x-kubernetes-preserve-unknown-fields boolean
  x-kubernetes-validations [ValidationRule] merge=rule keys=rule
SelectableField
  jsonPath! string
ServiceReference
  name! string
  namespace! string
  path string
  port int32
ValidationRule
  fieldPath string
  message string
  messageExpression string
  optionalOldSelf boolean
  reason enum(FieldValueDuplicate,FieldValueForbidden,FieldValueInvalid,FieldValueRequired)
  rule! string
WebhookClientConfig
  caBundle byte
  service ServiceReference
  url string
WebhookConversion
  clientConfig WebhookClientConfig
  conversionReviewVersions! [string]
`;
