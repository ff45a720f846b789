/** What `kubectl explain` says about network policies, in the notation of ../../schema/parse-descriptions.ts. */
export const NETWORK_POLICY_DESCRIPTIONS = `
IPBlock: A range of addresses, with exceptions.
  cidr: The range, as 192.0.2.0/24.
  except: Ranges inside it that are left out.
NetworkPolicy: What traffic a group of pods may receive and send.
  spec: The pods that are meant, and the traffic that they may have.
NetworkPolicyEgressRule: Traffic that may be sent: to any of the destinations, on any of the ports.
  ports: The ports; absent or empty means all.
  to: The destinations; absent or empty means all.
NetworkPolicyIngressRule: Traffic that may be received: from any of the sources, on any of the ports.
  from: The sources; absent or empty means all.
  ports: The ports; absent or empty means all.
NetworkPolicyPeer: Who may be spoken with: pods by label, or a range of addresses.
  ipBlock: A range of addresses. Cannot stand beside a selector.
  namespaceSelector: Namespaces by label; empty means all.
  podSelector: Pods by label: of the chosen namespaces, or of the policy's own.
NetworkPolicyPort: A port, or a range of ports, of one protocol.
  endPort: The last port of a range that starts at port.
  port: A port number, or the name of a container port; absent means all ports of the protocol.
  protocol: TCP, UDP or SCTP; TCP when absent.
NetworkPolicySpec: The pods that are meant, and the traffic that they may have.
  egress: Traffic that the pods may send: what any one rule allows. Counts when policyTypes has Egress.
  ingress: Traffic that the pods may receive: what any one rule allows. Counts when policyTypes has Ingress.
  podSelector: The pods that the policy applies to; empty means all of the namespace.
  policyTypes: Which directions are restricted: Ingress, Egress or both. When absent: Ingress, and Egress too if there are egress rules.
`;
