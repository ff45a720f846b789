/** What `kubectl explain` says about where pods may run, in the notation of ../../schema/parse-descriptions.ts. */
export const SCHEDULING_DESCRIPTIONS = `
Affinity: Wishes about where a pod runs.
  nodeAffinity: Wishes about the node.
  podAffinity: Pods to be near to.
  podAntiAffinity: Pods to be away from.
NodeAffinity: Wishes about the node that a pod runs on.
  preferredDuringSchedulingIgnoredDuringExecution: Nodes that are preferred, each wish with a weight.
  requiredDuringSchedulingIgnoredDuringExecution: Nodes that alone are possible.
NodeSelector: Nodes that match any of the terms.
  nodeSelectorTerms: The terms; one of them must hold.
NodeSelectorRequirement: One requirement on one label or field of a node.
  key: The label or field.
  operator: In, NotIn, Exists, DoesNotExist, Gt or Lt.
  values: The values to compare with.
NodeSelectorTerm: Requirements that must all hold.
  matchExpressions: Requirements on labels.
  matchFields: Requirements on fields.
PodAffinity: Pods that a pod should be near to.
  preferredDuringSchedulingIgnoredDuringExecution: Wishes, each with a weight.
  requiredDuringSchedulingIgnoredDuringExecution: What must hold.
PodAffinityTerm: Some pods, and what counts as near to them.
  labelSelector: The pods by label.
  matchLabelKeys: Labels in which the pods must be like the new one.
  mismatchLabelKeys: Labels in which the pods must be unlike the new one.
  namespaceSelector: The namespaces of the pods by label.
  namespaces: The namespaces of the pods by name; the pod's own when both are absent.
  topologyKey: Nodes with the same value of this label are near to each other.
PodAntiAffinity: Pods that a pod should be away from.
  preferredDuringSchedulingIgnoredDuringExecution: Wishes, each with a weight.
  requiredDuringSchedulingIgnoredDuringExecution: What must hold.
PreferredSchedulingTerm: A wish with a weight.
  preference: What is wished for.
  weight: From 1 to 100.
Toleration: A taint that a pod can do with.
  effect: The effect of the taint; empty means every effect.
  key: The name of the taint; empty, with Exists, means every taint.
  operator: Equal (the default) or Exists.
  tolerationSeconds: Seconds that the pod stays on a node with a NoExecute taint; without end when absent.
  value: What the key is set to, for Equal.
TopologySpreadConstraint: How pods are spread over parts of the cluster.
  labelSelector: The pods that are counted.
  matchLabelKeys: Labels in which the counted pods must be like the new one.
  maxSkew: By how much two parts may differ.
  minDomains: So many parts at least are expected.
  nodeAffinityPolicy: Honor or Ignore: whether the pod's wishes about nodes count.
  nodeTaintsPolicy: Honor or Ignore: whether taints count.
  topologyKey: Nodes with the same value of this label are one part.
  whenUnsatisfiable: DoNotSchedule, or ScheduleAnyway: what happens when it cannot be.
WeightedPodAffinityTerm: A wish with a weight.
  podAffinityTerm: What is wished for.
  weight: From 1 to 100.
`;
