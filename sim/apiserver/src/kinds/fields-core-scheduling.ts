/** Where a Pod may run (core/v1): names and types of the fields, in the notation of ../schema/parse-fields.ts. */
export const CORE_SCHEDULING_FIELDS = `
Affinity
  nodeAffinity NodeAffinity #1*
  podAffinity PodAffinity #2*
  podAntiAffinity PodAntiAffinity #3*
NodeAffinity
  preferredDuringSchedulingIgnoredDuringExecution [PreferredSchedulingTerm] #2
  requiredDuringSchedulingIgnoredDuringExecution NodeSelector #1*
NodeSelector atomic
  nodeSelectorTerms! [NodeSelectorTerm] #1
NodeSelectorRequirement
  key! string #1
  operator! enum(DoesNotExist,Exists,Gt,In,Lt,NotIn) #2
  values [string] #3
NodeSelectorTerm atomic
  matchExpressions [NodeSelectorRequirement] #1
  matchFields [NodeSelectorRequirement] #2
PodAffinity
  preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm] #2
  requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm] #1
PodAffinityTerm
  labelSelector LabelSelector #1*
  matchLabelKeys [string] #5
  mismatchLabelKeys [string] #6
  namespaceSelector LabelSelector #4*
  namespaces [string] #2
  topologyKey! string #3
PodAntiAffinity
  preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm] #2
  requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm] #1
PodSchedulingGate
  name! string #1
PreferredSchedulingTerm
  preference! NodeSelectorTerm #2
  weight! int32 #1
Toleration
  effect enum(NoExecute,NoSchedule,PreferNoSchedule) #4
  key string #1
  operator enum(Equal,Exists) #2
  tolerationSeconds int64 #5*
  value string #3
TopologySpreadConstraint
  labelSelector LabelSelector #4*
  matchLabelKeys [string] #8
  maxSkew! int32 #1
  minDomains int32 #5*
  nodeAffinityPolicy enum(Honor,Ignore) #6*
  nodeTaintsPolicy enum(Honor,Ignore) #7*
  topologyKey! string #2
  whenUnsatisfiable! enum(DoNotSchedule,ScheduleAnyway) #3
WeightedPodAffinityTerm
  podAffinityTerm! PodAffinityTerm #2
  weight! int32 #1
`;
