/** Pod (core/v1): names and types of the fields, in the notation of ../schema/parse-fields.ts. */
export const CORE_POD_FIELDS = `
Affinity
  nodeAffinity NodeAffinity
  podAffinity PodAffinity
  podAntiAffinity PodAntiAffinity
AppArmorProfile
  localhostProfile string
  type! enum(Localhost,RuntimeDefault,Unconfined)
Capabilities
  add [string]
  drop [string]
ConfigMapEnvSource
  name string
  optional boolean
ConfigMapKeySelector atomic
  key! string
  name string
  optional boolean
Container
  args [string]
  command [string]
  env [EnvVar] merge=name keys=name
  envFrom [EnvFromSource]
  image string
  imagePullPolicy enum(Always,IfNotPresent,Never)
  lifecycle Lifecycle
  livenessProbe Probe
  name! string
  ports [ContainerPort] merge=containerPort keys=containerPort,protocol
  readinessProbe Probe
  resizePolicy [ContainerResizePolicy]
  resources ResourceRequirements
  restartPolicy string
  restartPolicyRules [ContainerRestartRule]
  securityContext SecurityContext
  startupProbe Probe
  stdin boolean
  stdinOnce boolean
  terminationMessagePath string
  terminationMessagePolicy enum(FallbackToLogsOnError,File)
  tty boolean
  volumeDevices [VolumeDevice] merge=devicePath keys=devicePath
  volumeMounts [VolumeMount] merge=mountPath keys=mountPath
  workingDir string
ContainerExtendedResourceRequest
  containerName! string
  requestName! string
  resourceName! string
ContainerPort
  containerPort! int32
  hostIP string
  hostPort int32
  name string
  protocol enum(SCTP,TCP,UDP) default=TCP
ContainerResizePolicy
  resourceName! string
  restartPolicy! string
ContainerRestartRule
  action! string
  exitCodes ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes
  operator! string
  values [int32] set
ContainerState
  running ContainerStateRunning
  terminated ContainerStateTerminated
  waiting ContainerStateWaiting
ContainerStateRunning
  startedAt Time
ContainerStateTerminated
  containerID string
  exitCode! int32
  finishedAt Time
  message string
  reason string
  signal int32
  startedAt Time
ContainerStateWaiting
  message string
  reason string
ContainerStatus
  allocatedResources {Quantity}
  allocatedResourcesStatus [ResourceStatus] merge=name keys=name
  containerID string
  image! string
  imageID! string
  lastState ContainerState
  name! string
  ready! boolean
  resources ResourceRequirements
  restartCount! int32
  started boolean
  state ContainerState
  stopSignal enum(SIGABRT,SIGALRM,SIGBUS,SIGCHLD,SIGCLD,SIGCONT,SIGFPE,SIGHUP,SIGILL,SIGINT,SIGIO,SIGIOT,SIGKILL,SIGPIPE,SIGPOLL,SIGPROF,SIGPWR,SIGQUIT,SIGRTMAX,SIGRTMAX-1,SIGRTMAX-10,SIGRTMAX-11,SIGRTMAX-12,SIGRTMAX-13,SIGRTMAX-14,SIGRTMAX-2,SIGRTMAX-3,SIGRTMAX-4,SIGRTMAX-5,SIGRTMAX-6,SIGRTMAX-7,SIGRTMAX-8,SIGRTMAX-9,SIGRTMIN,SIGRTMIN+1,SIGRTMIN+10,SIGRTMIN+11,SIGRTMIN+12,SIGRTMIN+13,SIGRTMIN+14,SIGRTMIN+15,SIGRTMIN+2,SIGRTMIN+3,SIGRTMIN+4,SIGRTMIN+5,SIGRTMIN+6,SIGRTMIN+7,SIGRTMIN+8,SIGRTMIN+9,SIGSEGV,SIGSTKFLT,SIGSTOP,SIGSYS,SIGTERM,SIGTRAP,SIGTSTP,SIGTTIN,SIGTTOU,SIGURG,SIGUSR1,SIGUSR2,SIGVTALRM,SIGWINCH,SIGXCPU,SIGXFSZ)
  user ContainerUser
  volumeMounts [VolumeMountStatus] merge=mountPath keys=mountPath
ContainerUser
  linux LinuxContainerUser
EnvFromSource
  configMapRef ConfigMapEnvSource
  prefix string
  secretRef SecretEnvSource
EnvVar
  name! string
  value string
  valueFrom EnvVarSource
EnvVarSource
  configMapKeyRef ConfigMapKeySelector
  fieldRef ObjectFieldSelector
  fileKeyRef FileKeySelector
  resourceFieldRef ResourceFieldSelector
  secretKeyRef SecretKeySelector
EphemeralContainer
  args [string]
  command [string]
  env [EnvVar] merge=name keys=name
  envFrom [EnvFromSource]
  image string
  imagePullPolicy enum(Always,IfNotPresent,Never)
  lifecycle Lifecycle
  livenessProbe Probe
  name! string
  ports [ContainerPort] merge=containerPort keys=containerPort,protocol
  readinessProbe Probe
  resizePolicy [ContainerResizePolicy]
  resources ResourceRequirements
  restartPolicy string
  restartPolicyRules [ContainerRestartRule]
  securityContext SecurityContext
  startupProbe Probe
  stdin boolean
  stdinOnce boolean
  targetContainerName string
  terminationMessagePath string
  terminationMessagePolicy enum(FallbackToLogsOnError,File)
  tty boolean
  volumeDevices [VolumeDevice] merge=devicePath keys=devicePath
  volumeMounts [VolumeMount] merge=mountPath keys=mountPath
  workingDir string
ExecAction
  command [string]
FileKeySelector atomic
  key! string
  optional boolean
  path! string
  volumeName! string
GRPCAction
  port! int32
  service string
HTTPGetAction
  host string
  httpHeaders [HTTPHeader]
  path string
  port! IntOrString
  scheme enum(HTTP,HTTPS)
HTTPHeader
  name! string
  value! string
HostAlias
  hostnames [string]
  ip! string
HostIP
  ip! string
Lifecycle
  postStart LifecycleHandler
  preStop LifecycleHandler
  stopSignal enum(SIGABRT,SIGALRM,SIGBUS,SIGCHLD,SIGCLD,SIGCONT,SIGFPE,SIGHUP,SIGILL,SIGINT,SIGIO,SIGIOT,SIGKILL,SIGPIPE,SIGPOLL,SIGPROF,SIGPWR,SIGQUIT,SIGRTMAX,SIGRTMAX-1,SIGRTMAX-10,SIGRTMAX-11,SIGRTMAX-12,SIGRTMAX-13,SIGRTMAX-14,SIGRTMAX-2,SIGRTMAX-3,SIGRTMAX-4,SIGRTMAX-5,SIGRTMAX-6,SIGRTMAX-7,SIGRTMAX-8,SIGRTMAX-9,SIGRTMIN,SIGRTMIN+1,SIGRTMIN+10,SIGRTMIN+11,SIGRTMIN+12,SIGRTMIN+13,SIGRTMIN+14,SIGRTMIN+15,SIGRTMIN+2,SIGRTMIN+3,SIGRTMIN+4,SIGRTMIN+5,SIGRTMIN+6,SIGRTMIN+7,SIGRTMIN+8,SIGRTMIN+9,SIGSEGV,SIGSTKFLT,SIGSTOP,SIGSYS,SIGTERM,SIGTRAP,SIGTSTP,SIGTTIN,SIGTTOU,SIGURG,SIGUSR1,SIGUSR2,SIGVTALRM,SIGWINCH,SIGXCPU,SIGXFSZ)
LifecycleHandler
  exec ExecAction
  httpGet HTTPGetAction
  sleep SleepAction
  tcpSocket TCPSocketAction
LinuxContainerUser
  gid! int64
  supplementalGroups [int64]
  uid! int64
LocalObjectReference atomic
  name string
NodeAffinity
  preferredDuringSchedulingIgnoredDuringExecution [PreferredSchedulingTerm]
  requiredDuringSchedulingIgnoredDuringExecution NodeSelector
NodeSelector atomic
  nodeSelectorTerms! [NodeSelectorTerm]
NodeSelectorRequirement
  key! string
  operator! enum(DoesNotExist,Exists,Gt,In,Lt,NotIn)
  values [string]
NodeSelectorTerm atomic
  matchExpressions [NodeSelectorRequirement]
  matchFields [NodeSelectorRequirement]
ObjectFieldSelector atomic
  apiVersion string
  fieldPath! string
ObjectReference atomic
  apiVersion string
  fieldPath string
  kind string
  name string
  namespace string
  resourceVersion string
  uid string
Pod
  apiVersion string
  kind string
  metadata ObjectMeta
  spec PodSpec
  status PodStatus
PodAffinity
  preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm]
  requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm]
PodAffinityTerm
  labelSelector LabelSelector
  matchLabelKeys [string]
  mismatchLabelKeys [string]
  namespaceSelector LabelSelector
  namespaces [string]
  topologyKey! string
PodAntiAffinity
  preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm]
  requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm]
PodCondition
  lastProbeTime Time
  lastTransitionTime Time
  message string
  observedGeneration int64
  reason string
  status! string
  type! string
PodDNSConfig
  nameservers [string]
  options [PodDNSConfigOption]
  searches [string]
PodDNSConfigOption
  name string
  value string
PodExtendedResourceClaimStatus
  requestMappings! [ContainerExtendedResourceRequest]
  resourceClaimName! string
PodIP
  ip! string
PodOS
  name! string
PodReadinessGate
  conditionType! string
PodResourceClaim
  name! string
  resourceClaimName string
  resourceClaimTemplateName string
PodResourceClaimStatus
  name! string
  resourceClaimName string
PodSchedulingGate
  name! string
PodSecurityContext
  appArmorProfile AppArmorProfile
  fsGroup int64
  fsGroupChangePolicy enum(Always,OnRootMismatch)
  runAsGroup int64
  runAsNonRoot boolean
  runAsUser int64
  seLinuxChangePolicy string
  seLinuxOptions SELinuxOptions
  seccompProfile SeccompProfile
  supplementalGroups [int64]
  supplementalGroupsPolicy enum(Merge,Strict)
  sysctls [Sysctl]
  windowsOptions WindowsSecurityContextOptions
PodSpec
  activeDeadlineSeconds int64
  affinity Affinity
  automountServiceAccountToken boolean
  containers! [Container] merge=name keys=name
  dnsConfig PodDNSConfig
  dnsPolicy enum(ClusterFirst,ClusterFirstWithHostNet,Default,None)
  enableServiceLinks boolean
  ephemeralContainers [EphemeralContainer] merge=name keys=name
  hostAliases [HostAlias] merge=ip keys=ip
  hostIPC boolean
  hostNetwork boolean
  hostPID boolean
  hostUsers boolean
  hostname string
  hostnameOverride string
  imagePullSecrets [LocalObjectReference] merge=name keys=name
  initContainers [Container] merge=name keys=name
  nodeName string
  nodeSelector {string} atomic
  os PodOS
  overhead {Quantity}
  preemptionPolicy enum(Never,PreemptLowerPriority)
  priority int32
  priorityClassName string
  readinessGates [PodReadinessGate]
  resourceClaims [PodResourceClaim] merge=name retainKeys keys=name
  resources ResourceRequirements
  restartPolicy enum(Always,Never,OnFailure)
  runtimeClassName string
  schedulerName string
  schedulingGates [PodSchedulingGate] merge=name keys=name
  securityContext PodSecurityContext
  serviceAccount string
  serviceAccountName string
  setHostnameAsFQDN boolean
  shareProcessNamespace boolean
  subdomain string
  terminationGracePeriodSeconds int64
  tolerations [Toleration]
  topologySpreadConstraints [TopologySpreadConstraint] merge=topologyKey keys=topologyKey,whenUnsatisfiable
  volumes [Volume] merge=name retainKeys keys=name
PodStatus
  conditions [PodCondition] merge=type keys=type
  containerStatuses [ContainerStatus]
  ephemeralContainerStatuses [ContainerStatus]
  extendedResourceClaimStatus PodExtendedResourceClaimStatus
  hostIP string
  hostIPs [HostIP] merge=ip
  initContainerStatuses [ContainerStatus]
  message string
  nominatedNodeName string
  observedGeneration int64
  phase enum(Failed,Pending,Running,Succeeded,Unknown)
  podIP string
  podIPs [PodIP] merge=ip keys=ip
  qosClass enum(BestEffort,Burstable,Guaranteed)
  reason string
  resize string
  resourceClaimStatuses [PodResourceClaimStatus] merge=name retainKeys keys=name
  startTime Time
PreferredSchedulingTerm
  preference! NodeSelectorTerm
  weight! int32
Probe
  exec ExecAction
  failureThreshold int32
  grpc GRPCAction
  httpGet HTTPGetAction
  initialDelaySeconds int32
  periodSeconds int32
  successThreshold int32
  tcpSocket TCPSocketAction
  terminationGracePeriodSeconds int64
  timeoutSeconds int32
ResourceClaim
  name! string
  request string
ResourceFieldSelector atomic
  containerName string
  divisor Quantity
  resource! string
ResourceHealth
  health string
  resourceID! string
ResourceRequirements
  claims [ResourceClaim] keys=name
  limits {Quantity}
  requests {Quantity}
ResourceStatus
  name! string
  resources [ResourceHealth] keys=resourceID
SELinuxOptions
  level string
  role string
  type string
  user string
SeccompProfile
  localhostProfile string
  type! enum(Localhost,RuntimeDefault,Unconfined)
SecretEnvSource
  name string
  optional boolean
SecretKeySelector atomic
  key! string
  name string
  optional boolean
SecurityContext
  allowPrivilegeEscalation boolean
  appArmorProfile AppArmorProfile
  capabilities Capabilities
  privileged boolean
  procMount enum(Default,Unmasked)
  readOnlyRootFilesystem boolean
  runAsGroup int64
  runAsNonRoot boolean
  runAsUser int64
  seLinuxOptions SELinuxOptions
  seccompProfile SeccompProfile
  windowsOptions WindowsSecurityContextOptions
SleepAction
  seconds! int64
Sysctl
  name! string
  value! string
TCPSocketAction
  host string
  port! IntOrString
Toleration
  effect enum(NoExecute,NoSchedule,PreferNoSchedule)
  key string
  operator enum(Equal,Exists)
  tolerationSeconds int64
  value string
TopologySpreadConstraint
  labelSelector LabelSelector
  matchLabelKeys [string]
  maxSkew! int32
  minDomains int32
  nodeAffinityPolicy enum(Honor,Ignore)
  nodeTaintsPolicy enum(Honor,Ignore)
  topologyKey! string
  whenUnsatisfiable! enum(DoNotSchedule,ScheduleAnyway)
VolumeDevice
  devicePath! string
  name! string
VolumeMount
  mountPath! string
  mountPropagation enum(Bidirectional,HostToContainer,None)
  name! string
  readOnly boolean
  recursiveReadOnly string
  subPath string
  subPathExpr string
VolumeMountStatus
  mountPath! string
  name! string
  readOnly boolean
  recursiveReadOnly string
WeightedPodAffinityTerm
  podAffinityTerm! PodAffinityTerm
  weight! int32
WindowsSecurityContextOptions
  gmsaCredentialSpec string
  gmsaCredentialSpecName string
  hostProcess boolean
  runAsUserName string
`;
