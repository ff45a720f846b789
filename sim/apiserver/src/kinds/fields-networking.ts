/** NetworkPolicy (networking.k8s.io/v1): names and types of the fields, in the notation of ../schema/parse-fields.ts. */
export const NETWORKING_FIELDS = `
IPBlock
  cidr! string
  except [string]
NetworkPolicy
  apiVersion string
  kind string
  metadata ObjectMeta
  spec NetworkPolicySpec
NetworkPolicyEgressRule
  ports [NetworkPolicyPort]
  to [NetworkPolicyPeer]
NetworkPolicyIngressRule
  from [NetworkPolicyPeer]
  ports [NetworkPolicyPort]
NetworkPolicyPeer
  ipBlock IPBlock
  namespaceSelector LabelSelector
  podSelector LabelSelector
NetworkPolicyPort
  endPort int32
  port IntOrString
  protocol enum(SCTP,TCP,UDP)
NetworkPolicySpec
  egress [NetworkPolicyEgressRule]
  ingress [NetworkPolicyIngressRule]
  podSelector LabelSelector
  policyTypes [enum(Egress,Ingress)]
`;
