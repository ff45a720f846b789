/** Containers of a Pod (core/v1): names and types of the fields, in the notation of ../schema/parse-fields.ts. */
export const CORE_CONTAINER_FIELDS = `
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
ObjectFieldSelector atomic
  apiVersion string #1
  fieldPath! string #2
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
SecretEnvSource
  name string #1.1
  optional boolean #2*
SecretKeySelector atomic
  key! string #2
  name string #1.1
  optional boolean #3*
SleepAction
  seconds! int64 #1
TCPSocketAction
  host string #2
  port! IntOrString #1
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
`;
