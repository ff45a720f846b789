/** Namespace, Event, Service, ServiceAccount, ConfigMap, Secret, Endpoints, Binding and references (core/v1): names and types of the fields, in the notation of ../schema/parse-fields.ts. */
export const CORE_OTHER_FIELDS = `
Binding
  apiVersion string
  kind string
  metadata ObjectMeta #1
  target! ObjectReference #2
ClientIPConfig
  timeoutSeconds int32 #1*
ConfigMap
  apiVersion string
  binaryData {byte} #3
  data {string} #2
  immutable boolean #4*
  kind string
  metadata ObjectMeta #1
ConfigMapNodeConfigSource
  kubeletConfigKey! string #5
  name! string #2
  namespace! string #1
  resourceVersion string #4
  uid string #3
EndpointAddress atomic
  hostname string #3
  ip! string #1
  nodeName string #4*
  targetRef ObjectReference #2*
EndpointPort atomic
  appProtocol string #4*
  name string #1*
  port! int32 #2*
  protocol enum(SCTP,TCP,UDP) #3*
EndpointSubset
  addresses [EndpointAddress] #1
  notReadyAddresses [EndpointAddress] #2
  ports [EndpointPort] #3
Endpoints
  apiVersion string
  kind string
  metadata ObjectMeta #1
  subsets [EndpointSubset] #2
Event
  action string #12
  apiVersion string
  count int32 #8
  eventTime MicroTime #10
  firstTimestamp Time #6
  involvedObject! ObjectReference #2
  kind string
  lastTimestamp Time #7
  message string #4
  metadata! ObjectMeta #1
  reason string #3
  related ObjectReference #13*
  reportingComponent string always #14
  reportingInstance string always #15
  series EventSeries #11*
  source EventSource #5
  type string #9
EventSeries
  count int32 #1
  lastObservedTime MicroTime #2
EventSource
  component string #1
  host string #2
LoadBalancerIngress
  hostname string #2
  ip string #1
  ipMode string #3*
  ports [PortStatus] #4
LoadBalancerStatus
  ingress [LoadBalancerIngress] #1
LocalObjectReference atomic
  name string #1
Namespace
  apiVersion string
  kind string
  metadata ObjectMeta #1
  spec NamespaceSpec #2
  status NamespaceStatus #3
NamespaceCondition
  lastTransitionTime Time #4
  message string #6
  reason string #5
  status! string #2
  type! string #1
NamespaceSpec
  finalizers [string] #1
NamespaceStatus
  conditions [NamespaceCondition] merge=type keys=type #2
  phase enum(Active,Terminating) #1
ObjectReference atomic
  apiVersion string #5
  fieldPath string #7
  kind string #1
  name string #3
  namespace string #2
  resourceVersion string #6
  uid string #4
PortStatus
  error string #3*
  port! int32 #1
  protocol! enum(SCTP,TCP,UDP) #2
Secret
  apiVersion string
  data {byte} #2
  immutable boolean #5*
  kind string
  metadata ObjectMeta #1
  stringData {string} #4
  type string #3
Service
  apiVersion string
  kind string
  metadata ObjectMeta #1
  spec ServiceSpec #2
  status ServiceStatus #3
ServiceAccount
  apiVersion string
  automountServiceAccountToken boolean #4*
  imagePullSecrets [LocalObjectReference] #3
  kind string
  metadata ObjectMeta #1
  secrets [ObjectReference] merge=name keys=name #2
ServicePort
  appProtocol string #6*
  name string #1
  nodePort int32 #5
  port! int32 #3
  protocol enum(SCTP,TCP,UDP) default=TCP #2
  targetPort IntOrString #4
ServiceSpec
  allocateLoadBalancerNodePorts boolean #20*
  clusterIP string #3
  clusterIPs [string] #18
  externalIPs [string] #5
  externalName string #10
  externalTrafficPolicy enum(Cluster,Local) #11
  healthCheckNodePort int32 #12
  internalTrafficPolicy enum(Cluster,Local) #22*
  ipFamilies [enum(,IPv4,IPv6)] #19
  ipFamilyPolicy enum(PreferDualStack,RequireDualStack,SingleStack) #17*
  loadBalancerClass string #21*
  loadBalancerIP string #8
  loadBalancerSourceRanges [string] #9
  ports [ServicePort] merge=port keys=port,protocol #1
  publishNotReadyAddresses boolean #13
  selector {string} atomic #2
  sessionAffinity enum(ClientIP,None) #7
  sessionAffinityConfig SessionAffinityConfig #14*
  trafficDistribution string #23*
  type enum(ClusterIP,ExternalName,LoadBalancer,NodePort) #4
ServiceStatus
  conditions [Condition] merge=type keys=type #2
  loadBalancer LoadBalancerStatus #1
SessionAffinityConfig
  clientIP ClientIPConfig #1*
`;
