/** Pod (core/v1): names and types of the fields, in the notation of ../schema/parse-fields.ts. */
export const CORE_POD_FIELDS = `
Affinity
  nodeAffinity NodeAffinity #1*
  podAffinity PodAffinity #2*
  podAntiAffinity PodAntiAffinity #3*
AppArmorProfile
  localhostProfile string #2*
  type! enum(Localhost,RuntimeDefault,Unconfined) #1
Capabilities
  add [string] #1
  drop [string] #2
ConfigMapEnvSource
  name string #1.1
  optional boolean #2*
ConfigMapKeySelector atomic
  key! string #2
  name string #1.1
  optional boolean #3*
Container
  args [string] #4
  command [string] #3
  env [EnvVar] merge=name keys=name #7
  envFrom [EnvFromSource] #19
  image string #2
  imagePullPolicy enum(Always,IfNotPresent,Never) #14
  lifecycle Lifecycle #12*
  livenessProbe Probe #10*
  name! string #1
  ports [ContainerPort] merge=containerPort keys=containerPort,protocol #6
  readinessProbe Probe #11*
  resizePolicy [ContainerResizePolicy] #23
  resources ResourceRequirements #8
  restartPolicy string #24*
  restartPolicyRules [ContainerRestartRule] #25
  securityContext SecurityContext #15*
  startupProbe Probe #22*
  stdin boolean #16
  stdinOnce boolean #17
  terminationMessagePath string #13
  terminationMessagePolicy enum(FallbackToLogsOnError,File) #20
  tty boolean #18
  volumeDevices [VolumeDevice] merge=devicePath keys=devicePath #21
  volumeMounts [VolumeMount] merge=mountPath keys=mountPath #9
  workingDir string #5
ContainerExtendedResourceRequest
  containerName! string #1
  requestName! string #3
  resourceName! string #2
ContainerPort
  containerPort! int32 #3
  hostIP string #5
  hostPort int32 #2
  name string #1
  protocol enum(SCTP,TCP,UDP) default=TCP #4
ContainerResizePolicy
  resourceName! string #1
  restartPolicy! string #2
ContainerRestartRule
  action! string #1
  exitCodes ContainerRestartRuleOnExitCodes #2*
ContainerRestartRuleOnExitCodes
  operator! string #1
  values [int32] set #2
ContainerState
  running ContainerStateRunning #2*
  terminated ContainerStateTerminated #3*
  waiting ContainerStateWaiting #1*
ContainerStateRunning
  startedAt Time #1
ContainerStateTerminated
  containerID string #7
  exitCode! int32 #1
  finishedAt Time #6
  message string #4
  reason string #3
  signal int32 #2
  startedAt Time #5
ContainerStateWaiting
  message string #2
  reason string #1
ContainerStatus
  allocatedResources {Quantity} #10
  allocatedResourcesStatus [ResourceStatus] merge=name keys=name #14
  containerID string #8
  image! string #6
  imageID! string #7
  lastState ContainerState #3
  name! string #1
  ready! boolean #4
  resources ResourceRequirements #11*
  restartCount! int32 #5
  started boolean #9*
  state ContainerState #2
  stopSignal enum(SIGABRT,SIGALRM,SIGBUS,SIGCHLD,SIGCLD,SIGCONT,SIGFPE,SIGHUP,SIGILL,SIGINT,SIGIO,SIGIOT,SIGKILL,SIGPIPE,SIGPOLL,SIGPROF,SIGPWR,SIGQUIT,SIGRTMAX,SIGRTMAX-1,SIGRTMAX-10,SIGRTMAX-11,SIGRTMAX-12,SIGRTMAX-13,SIGRTMAX-14,SIGRTMAX-2,SIGRTMAX-3,SIGRTMAX-4,SIGRTMAX-5,SIGRTMAX-6,SIGRTMAX-7,SIGRTMAX-8,SIGRTMAX-9,SIGRTMIN,SIGRTMIN+1,SIGRTMIN+10,SIGRTMIN+11,SIGRTMIN+12,SIGRTMIN+13,SIGRTMIN+14,SIGRTMIN+15,SIGRTMIN+2,SIGRTMIN+3,SIGRTMIN+4,SIGRTMIN+5,SIGRTMIN+6,SIGRTMIN+7,SIGRTMIN+8,SIGRTMIN+9,SIGSEGV,SIGSTKFLT,SIGSTOP,SIGSYS,SIGTERM,SIGTRAP,SIGTSTP,SIGTTIN,SIGTTOU,SIGURG,SIGUSR1,SIGUSR2,SIGVTALRM,SIGWINCH,SIGXCPU,SIGXFSZ) #15*
  user ContainerUser #13*
  volumeMounts [VolumeMountStatus] merge=mountPath keys=mountPath #12
ContainerUser
  linux LinuxContainerUser #1*
EnvFromSource
  configMapRef ConfigMapEnvSource #2*
  prefix string #1
  secretRef SecretEnvSource #3*
EnvVar
  name! string #1
  value string #2
  valueFrom EnvVarSource #3*
EnvVarSource
  configMapKeyRef ConfigMapKeySelector #3*
  fieldRef ObjectFieldSelector #1*
  fileKeyRef FileKeySelector #5*
  resourceFieldRef ResourceFieldSelector #2*
  secretKeyRef SecretKeySelector #4*
EphemeralContainer
  args [string] #1.4
  command [string] #1.3
  env [EnvVar] merge=name keys=name #1.7
  envFrom [EnvFromSource] #1.19
  image string #1.2
  imagePullPolicy enum(Always,IfNotPresent,Never) #1.14
  lifecycle Lifecycle #1.12*
  livenessProbe Probe #1.10*
  name! string #1.1
  ports [ContainerPort] merge=containerPort keys=containerPort,protocol #1.6
  readinessProbe Probe #1.11*
  resizePolicy [ContainerResizePolicy] #1.23
  resources ResourceRequirements #1.8
  restartPolicy string #1.24*
  restartPolicyRules [ContainerRestartRule] #1.25
  securityContext SecurityContext #1.15*
  startupProbe Probe #1.22*
  stdin boolean #1.16
  stdinOnce boolean #1.17
  targetContainerName string #2
  terminationMessagePath string #1.13
  terminationMessagePolicy enum(FallbackToLogsOnError,File) #1.20
  tty boolean #1.18
  volumeDevices [VolumeDevice] merge=devicePath keys=devicePath #1.21
  volumeMounts [VolumeMount] merge=mountPath keys=mountPath #1.9
  workingDir string #1.5
ExecAction
  command [string] #1
FileKeySelector atomic
  key! string #3
  optional boolean #4*
  path! string #2
  volumeName! string #1
GRPCAction
  port! int32 #1
  service string #2*
HTTPGetAction
  host string #3
  httpHeaders [HTTPHeader] #5
  path string #1
  port! IntOrString #2
  scheme enum(HTTP,HTTPS) #4
HTTPHeader
  name! string #1
  value! string #2
HostAlias
  hostnames [string] #2
  ip! string #1
HostIP
  ip! string #1
Lifecycle
  postStart LifecycleHandler #1*
  preStop LifecycleHandler #2*
  stopSignal enum(SIGABRT,SIGALRM,SIGBUS,SIGCHLD,SIGCLD,SIGCONT,SIGFPE,SIGHUP,SIGILL,SIGINT,SIGIO,SIGIOT,SIGKILL,SIGPIPE,SIGPOLL,SIGPROF,SIGPWR,SIGQUIT,SIGRTMAX,SIGRTMAX-1,SIGRTMAX-10,SIGRTMAX-11,SIGRTMAX-12,SIGRTMAX-13,SIGRTMAX-14,SIGRTMAX-2,SIGRTMAX-3,SIGRTMAX-4,SIGRTMAX-5,SIGRTMAX-6,SIGRTMAX-7,SIGRTMAX-8,SIGRTMAX-9,SIGRTMIN,SIGRTMIN+1,SIGRTMIN+10,SIGRTMIN+11,SIGRTMIN+12,SIGRTMIN+13,SIGRTMIN+14,SIGRTMIN+15,SIGRTMIN+2,SIGRTMIN+3,SIGRTMIN+4,SIGRTMIN+5,SIGRTMIN+6,SIGRTMIN+7,SIGRTMIN+8,SIGRTMIN+9,SIGSEGV,SIGSTKFLT,SIGSTOP,SIGSYS,SIGTERM,SIGTRAP,SIGTSTP,SIGTTIN,SIGTTOU,SIGURG,SIGUSR1,SIGUSR2,SIGVTALRM,SIGWINCH,SIGXCPU,SIGXFSZ) #3*
LifecycleHandler
  exec ExecAction #1*
  httpGet HTTPGetAction #2*
  sleep SleepAction #4*
  tcpSocket TCPSocketAction #3*
LinuxContainerUser
  gid! int64 #2
  supplementalGroups [int64] #3
  uid! int64 #1
LocalObjectReference atomic
  name string #1
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
ObjectFieldSelector atomic
  apiVersion string #1
  fieldPath! string #2
ObjectReference atomic
  apiVersion string #5
  fieldPath string #7
  kind string #1
  name string #3
  namespace string #2
  resourceVersion string #6
  uid string #4
Pod
  apiVersion string
  kind string
  metadata ObjectMeta #1
  spec PodSpec #2
  status PodStatus #3
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
PodSchedulingGate
  name! string #1
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
PreferredSchedulingTerm
  preference! NodeSelectorTerm #2
  weight! int32 #1
Probe
  exec ExecAction #1.1*
  failureThreshold int32 #6
  grpc GRPCAction #1.4*
  httpGet HTTPGetAction #1.2*
  initialDelaySeconds int32 #2
  periodSeconds int32 #4
  successThreshold int32 #5
  tcpSocket TCPSocketAction #1.3*
  terminationGracePeriodSeconds int64 #7*
  timeoutSeconds int32 #3
ResourceClaim
  name! string #1
  request string #2
ResourceFieldSelector atomic
  containerName string #1
  divisor Quantity #3
  resource! string #2
ResourceHealth
  health string #2
  resourceID! string #1
ResourceRequirements
  claims [ResourceClaim] keys=name #3
  limits {Quantity} #1
  requests {Quantity} #2
ResourceStatus
  name! string #1
  resources [ResourceHealth] keys=resourceID #2
SELinuxOptions
  level string #4
  role string #2
  type string #3
  user string #1
SeccompProfile
  localhostProfile string #2*
  type! enum(Localhost,RuntimeDefault,Unconfined) #1
SecretEnvSource
  name string #1.1
  optional boolean #2*
SecretKeySelector atomic
  key! string #2
  name string #1.1
  optional boolean #3*
SecurityContext
  allowPrivilegeEscalation boolean #7*
  appArmorProfile AppArmorProfile #12*
  capabilities Capabilities #1*
  privileged boolean #2*
  procMount enum(Default,Unmasked) #9*
  readOnlyRootFilesystem boolean #6*
  runAsGroup int64 #8*
  runAsNonRoot boolean #5*
  runAsUser int64 #4*
  seLinuxOptions SELinuxOptions #3*
  seccompProfile SeccompProfile #11*
  windowsOptions WindowsSecurityContextOptions #10*
SleepAction
  seconds! int64 #1
Sysctl
  name! string #1
  value! string #2
TCPSocketAction
  host string #2
  port! IntOrString #1
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
VolumeDevice
  devicePath! string #2
  name! string #1
VolumeMount
  mountPath! string #3
  mountPropagation enum(Bidirectional,HostToContainer,None) #5*
  name! string #1
  readOnly boolean #2
  recursiveReadOnly string #7*
  subPath string #4
  subPathExpr string #6
VolumeMountStatus
  mountPath! string #2
  name! string #1
  readOnly boolean #3
  recursiveReadOnly string #4*
WeightedPodAffinityTerm
  podAffinityTerm! PodAffinityTerm #2
  weight! int32 #1
WindowsSecurityContextOptions
  gmsaCredentialSpec string #2*
  gmsaCredentialSpecName string #1*
  hostProcess boolean #4*
  runAsUserName string #3*
`;
