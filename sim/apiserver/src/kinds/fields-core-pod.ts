/** Pod (core/v1) without its containers, volumes and scheduling: names and types of the fields, in the notation of ../schema/parse-fields.ts. */
export const CORE_POD_FIELDS = `
ContainerExtendedResourceRequest
  containerName! string #1
  requestName! string #3
  resourceName! string #2
HostAlias
  hostnames [string] #2
  ip! string #1
HostIP
  ip! string #1
Pod
  apiVersion string
  kind string
  metadata ObjectMeta #1
  spec PodSpec #2
  status PodStatus #3
PodCondition
  lastProbeTime Time #3
  lastTransitionTime Time #4
  message string #6
  observedGeneration int64 #7
  reason string #5
  status! string #2
  type! string #1
PodDNSConfig
  nameservers [string] #1
  options [PodDNSConfigOption] #3
  searches [string] #2
PodDNSConfigOption
  name string #1
  value string #2*
PodExtendedResourceClaimStatus
  requestMappings! [ContainerExtendedResourceRequest] #1
  resourceClaimName! string #2
PodIP
  ip! string #1
PodOS
  name! string #1
PodReadinessGate
  conditionType! string #1
PodResourceClaim
  name! string #1
  resourceClaimName string #3*
  resourceClaimTemplateName string #4*
PodResourceClaimStatus
  name! string #1
  resourceClaimName string #2*
PodSecurityContext
  appArmorProfile AppArmorProfile #11*
  fsGroup int64 #5*
  fsGroupChangePolicy enum(Always,OnRootMismatch) #9*
  runAsGroup int64 #6*
  runAsNonRoot boolean #3*
  runAsUser int64 #2*
  seLinuxChangePolicy string #13*
  seLinuxOptions SELinuxOptions #1*
  seccompProfile SeccompProfile #10*
  supplementalGroups [int64] #4
  supplementalGroupsPolicy enum(Merge,Strict) #12*
  sysctls [Sysctl] #7
  windowsOptions WindowsSecurityContextOptions #8*
PodSpec
  activeDeadlineSeconds int64 #5*
  affinity Affinity #18*
  automountServiceAccountToken boolean #21*
  containers! [Container] merge=name keys=name #2
  dnsConfig PodDNSConfig #26*
  dnsPolicy enum(ClusterFirst,ClusterFirstWithHostNet,Default,None) #6
  enableServiceLinks boolean #30*
  ephemeralContainers [EphemeralContainer] merge=name keys=name #34
  hostAliases [HostAlias] merge=ip keys=ip #23
  hostIPC boolean #13
  hostNetwork boolean #11
  hostPID boolean #12
  hostUsers boolean #37*
  hostname string #16
  hostnameOverride string #41*
  imagePullSecrets [LocalObjectReference] merge=name keys=name #15
  initContainers [Container] merge=name keys=name #20
  nodeName string #10
  nodeSelector {string} atomic #7
  os PodOS #36*
  overhead {Quantity} #32
  preemptionPolicy enum(Never,PreemptLowerPriority) #31*
  priority int32 #25*
  priorityClassName string #24
  readinessGates [PodReadinessGate] #28
  resourceClaims [PodResourceClaim] merge=name retainKeys keys=name #39
  resources ResourceRequirements #40*
  restartPolicy enum(Always,Never,OnFailure) #3
  runtimeClassName string #29*
  schedulerName string #19
  schedulingGates [PodSchedulingGate] merge=name keys=name #38
  securityContext PodSecurityContext #14*
  serviceAccount string #9
  serviceAccountName string #8
  setHostnameAsFQDN boolean #35*
  shareProcessNamespace boolean #27*
  subdomain string #17
  terminationGracePeriodSeconds int64 #4*
  tolerations [Toleration] #22
  topologySpreadConstraints [TopologySpreadConstraint] merge=topologyKey keys=topologyKey,whenUnsatisfiable #33
  volumes [Volume] merge=name retainKeys keys=name #1
PodStatus
  conditions [PodCondition] merge=type keys=type #2
  containerStatuses [ContainerStatus] #8
  ephemeralContainerStatuses [ContainerStatus] #13
  extendedResourceClaimStatus PodExtendedResourceClaimStatus #18*
  hostIP string #5
  hostIPs [HostIP] merge=ip #16
  initContainerStatuses [ContainerStatus] #10
  message string #3
  nominatedNodeName string #11
  observedGeneration int64 #17
  phase enum(Failed,Pending,Running,Succeeded,Unknown) #1
  podIP string #6
  podIPs [PodIP] merge=ip keys=ip #12
  qosClass enum(BestEffort,Burstable,Guaranteed) #9
  reason string #4
  resize string #14
  resourceClaimStatuses [PodResourceClaimStatus] merge=name retainKeys keys=name #15
  startTime Time #7*
Sysctl
  name! string #1
  value! string #2
`;
