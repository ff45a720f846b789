/** Namespace, Event, Service, ServiceAccount, ConfigMap, Secret, Endpoints, Binding (core/v1): names and types of the fields, in the notation of ../schema/parse-fields.ts. */
export const CORE_OTHER_FIELDS = `
Binding
  apiVersion string
  kind string
  metadata ObjectMeta
  target! ObjectReference
ClientIPConfig
  timeoutSeconds int32
ConfigMap
  apiVersion string
  binaryData {byte}
  data {string}
  immutable boolean
  kind string
  metadata ObjectMeta
ConfigMapNodeConfigSource
  kubeletConfigKey! string
  name! string
  namespace! string
  resourceVersion string
  uid string
EndpointAddress atomic
  hostname string
  ip! string
  nodeName string
  targetRef ObjectReference
EndpointPort atomic
  appProtocol string
  name string
  port! int32
  protocol enum(SCTP,TCP,UDP)
EndpointSubset
  addresses [EndpointAddress]
  notReadyAddresses [EndpointAddress]
  ports [EndpointPort]
Endpoints
  apiVersion string
  kind string
  metadata ObjectMeta
  subsets [EndpointSubset]
Event
  action string
  apiVersion string
  count int32
  eventTime MicroTime
  firstTimestamp Time
  involvedObject ObjectReference
  kind string
  lastTimestamp Time
  message string
  metadata! ObjectMeta
  reason string
  related ObjectReference
  reportingComponent string
  reportingInstance string
  series EventSeries
  source EventSource
  type string
EventSeries
  count int32
  lastObservedTime MicroTime
EventSource
  component string
  host string
LoadBalancerIngress
  hostname string
  ip string
  ipMode string
  ports [PortStatus]
LoadBalancerStatus
  ingress [LoadBalancerIngress]
Namespace
  apiVersion string
  kind string
  metadata ObjectMeta
  spec NamespaceSpec
  status NamespaceStatus
NamespaceCondition
  lastTransitionTime Time
  message string
  reason string
  status! string
  type! string
NamespaceSpec
  finalizers [string]
NamespaceStatus
  conditions [NamespaceCondition] merge=type keys=type
  phase enum(Active,Terminating)
PortStatus
  error string
  port! int32
  protocol! enum(SCTP,TCP,UDP)
Secret
  apiVersion string
  data {byte}
  immutable boolean
  kind string
  metadata ObjectMeta
  stringData {string}
  type string
Service
  apiVersion string
  kind string
  metadata ObjectMeta
  spec ServiceSpec
  status ServiceStatus
ServiceAccount
  apiVersion string
  automountServiceAccountToken boolean
  imagePullSecrets [LocalObjectReference]
  kind string
  metadata ObjectMeta
  secrets [ObjectReference] merge=name keys=name
ServicePort
  appProtocol string
  name string
  nodePort int32
  port! int32
  protocol enum(SCTP,TCP,UDP) default=TCP
  targetPort IntOrString
ServiceSpec
  allocateLoadBalancerNodePorts boolean
  clusterIP string
  clusterIPs [string]
  externalIPs [string]
  externalName string
  externalTrafficPolicy enum(Cluster,Local)
  healthCheckNodePort int32
  internalTrafficPolicy enum(Cluster,Local)
  ipFamilies [enum(,IPv4,IPv6)]
  ipFamilyPolicy enum(PreferDualStack,RequireDualStack,SingleStack)
  loadBalancerClass string
  loadBalancerIP string
  loadBalancerSourceRanges [string]
  ports [ServicePort] merge=port keys=port,protocol
  publishNotReadyAddresses boolean
  selector {string} atomic
  sessionAffinity enum(ClientIP,None)
  sessionAffinityConfig SessionAffinityConfig
  trafficDistribution string
  type enum(ClusterIP,ExternalName,LoadBalancer,NodePort)
ServiceStatus
  conditions [Condition] merge=type keys=type
  loadBalancer LoadBalancerStatus
SessionAffinityConfig
  clientIP ClientIPConfig
`;
