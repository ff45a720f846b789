/** NetworkPolicy (networking.k8s.io/v1): names and types of the fields, in the notation of ../schema/parse-fields.ts. */
export const NETWORKING_FIELDS = `
IPBlock
  cidr! string #1
  except [string] #2
NetworkPolicy
  apiVersion string
  kind string
  metadata ObjectMeta #1
  spec NetworkPolicySpec #2
NetworkPolicyEgressRule
  ports [NetworkPolicyPort] #1
  to [NetworkPolicyPeer] #2
NetworkPolicyIngressRule
  from [NetworkPolicyPeer] #2
  ports [NetworkPolicyPort] #1
NetworkPolicyPeer
  ipBlock IPBlock #3*
  namespaceSelector LabelSelector #2*
  podSelector LabelSelector #1*
NetworkPolicyPort
  endPort int32 #3*
  port IntOrString #2*
  protocol enum(SCTP,TCP,UDP) #1*
NetworkPolicySpec
  egress [NetworkPolicyEgressRule] #3
  ingress [NetworkPolicyIngressRule] #2
  podSelector LabelSelector #1
  policyTypes [enum(Egress,Ingress)] #4
`;
