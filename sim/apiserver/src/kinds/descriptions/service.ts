/** What `kubectl explain` says about services and what is behind them, in the notation of ../../schema/parse-descriptions.ts. */
export const SERVICE_DESCRIPTIONS = `
ClientIPConfig: How clients are kept with their pod.
  timeoutSeconds: Seconds for which a client stays with its pod; 10800 when absent.
DiscoveryEndpointPort: A port of the endpoints in a slice.
  appProtocol: The protocol inside, as kubernetes.io/h2c.
  name: Unique in the slice; the name of the service's port.
  port: The port number.
  protocol: TCP, UDP or SCTP; TCP when absent.
Endpoint: One place where a service is answered.
  addresses: Its addresses; readers take the first.
  conditions: Whether it can be used.
  deprecatedTopology: Not used any more.
  hints: Who should use it.
  hostname: Its host name in DNS.
  nodeName: The node that it runs on.
  targetRef: The object behind it, as a pod.
  zone: The zone that it is in.
EndpointConditions: Whether an endpoint can be used.
  ready: It takes new connections.
  serving: It answers, even if it is about to end.
  terminating: It is about to end.
EndpointSlice: Some of the endpoints of a service.
  addressType: What the addresses are: IPv4, IPv6 or FQDN. Cannot be changed.
  endpoints: The endpoints.
  ports: The ports of every endpoint.
Endpoints: All endpoints of a service, in the old form: EndpointSlices have taken its place.
  subsets: Addresses by the ports that they have in common.
LoadBalancerIngress: Where a load balancer takes traffic.
  hostname: Its name in DNS.
  ip: Its address.
  ipMode: VIP or Proxy: whether packets arrive with the balancer's address.
  ports: How its ports fare.
LoadBalancerStatus: What was observed last about a load balancer.
  ingress: Where it takes traffic.
Service: One name and address for a group of pods.
ServicePort: A port of a service.
  appProtocol: The protocol inside, as kubernetes.io/h2c.
  name: Unique in the service; needed when there is more than one port.
  nodePort: The port on every node, for NodePort and LoadBalancer.
  port: The port of the service.
  protocol: TCP, UDP or SCTP; TCP when absent.
  targetPort: The port of the pods, by number or by name; the same as port when absent.
ServiceSpec: How a service is reached, and which pods are behind it.
  allocateLoadBalancerNodePorts: Whether a load balancer gets node ports, too; true when absent.
  clusterIP: The virtual address; None means that the pods are reached without one. Cannot be changed.
  clusterIPs: The virtual addresses, one for each family; the first is clusterIP.
  externalIPs: Further addresses at which the nodes take traffic for the service.
  externalName: The DNS name that an ExternalName service stands for.
  externalTrafficPolicy: For traffic from outside: Cluster uses all pods; Local only those of the node that it reached, and keeps the client's address.
  healthCheckNodePort: The port that tells load balancers which nodes have pods.
  internalTrafficPolicy: For traffic from inside: Cluster uses all pods, Local only those of the sender's node.
  ipFamilies: The families of the virtual addresses: IPv4, IPv6.
  ipFamilyPolicy: SingleStack, PreferDualStack or RequireDualStack.
  loadBalancerClass: Which load balancer is meant.
  loadBalancerIP: Not used any more.
  loadBalancerSourceRanges: The clients that a load balancer lets in.
  ports: The ports of the service.
  publishNotReadyAddresses: Pods that are not ready are found, too.
  selector: Labels of the pods behind the service; without them its endpoints are made by others.
  sessionAffinity: ClientIP keeps a client with its pod; None, the default, does not.
  sessionAffinityConfig: How clients are kept with their pod.
  trafficDistribution: Which pods are preferred, as PreferClose.
  type: ClusterIP, NodePort, LoadBalancer or ExternalName; ClusterIP when absent.
ServiceStatus: What was observed last about a service.
  conditions: What is observed about the service.
  loadBalancer: Where its load balancer takes traffic.
SessionAffinityConfig: How clients are kept with their pod.
  clientIP: For the affinity ClientIP.
`;
