/** EndpointSlice (discovery.k8s.io/v1): names and types of the fields, in the notation of ../schema/parse-fields.ts. */
export const DISCOVERY_FIELDS = `
DiscoveryEndpointPort atomic
  appProtocol string #4*
  name string #1*
  port int32 #3*
  protocol enum(SCTP,TCP,UDP) #2*
Endpoint
  addresses! [string] set #1
  conditions EndpointConditions #2
  deprecatedTopology {string} #5
  hints EndpointHints #8*
  hostname string #3*
  nodeName string #6*
  targetRef ObjectReference #4*
  zone string #7*
EndpointConditions
  ready boolean #1*
  serving boolean #2*
  terminating boolean #3*
EndpointHints
  forNodes [ForNode] #2
  forZones [ForZone] #1
EndpointSlice
  addressType! enum(FQDN,IPv4,IPv6) #4
  apiVersion string
  endpoints! [Endpoint] #2
  kind string
  metadata ObjectMeta #1
  ports [DiscoveryEndpointPort] #3
ForNode
  name! string #1
ForZone
  name! string #1
`;
