/** What `kubectl explain` says about containers, in the notation of ../../schema/parse-descriptions.ts. */
export const CONTAINER_DESCRIPTIONS = `
AppArmorProfile: An AppArmor profile.
  localhostProfile: A profile that the node has, for the type Localhost.
  type: Localhost, RuntimeDefault or Unconfined.
Capabilities: Rights of the kernel that a container gets or loses.
  add: Rights that are added.
  drop: Rights that are taken away.
ConfigMapEnvSource: A ConfigMap whose items become environment variables.
  name: The name of the ConfigMap.
  optional: The container starts without it, too.
ConfigMapKeySelector: An item of a ConfigMap.
  key: The name of the item.
  name: The name of the ConfigMap.
  optional: The container starts without it, too.
Container: A program with its image, that runs in a pod.
  args: The arguments of the program; those of the image when absent.
  command: The program with its first arguments; the entry point of the image when absent.
  env: Environment variables.
  envFrom: Objects whose items all become environment variables.
  image: The name of the container image.
  imagePullPolicy: When the image is fetched: Always (the default for the tag latest), IfNotPresent (else) or Never.
  lifecycle: What is done after the start and before the end.
  livenessProbe: The container is started again when this fails.
  name: Unique in the pod; a DNS label.
  ports: Ports that the container listens on. Others can be reached as well.
  readinessProbe: The container is ready while this succeeds.
  resizePolicy: Whether it is started again when its resources change.
  resources: What the container needs and may use.
  restartPolicy: Of init containers: Always makes one run beside the others.
  restartPolicyRules: When it is started again, by exit code.
  securityContext: What the container may do, and as whom it runs.
  startupProbe: The other probes wait until this succeeds.
  stdin: The container has a standard input.
  stdinOnce: The standard input closes after the first client has gone.
  terminationMessagePath: The file from which the last words of the container are taken.
  terminationMessagePolicy: File, or FallbackToLogsOnError: where the last words come from.
  tty: The container has a terminal.
  volumeDevices: Block devices.
  volumeMounts: Where volumes are mounted.
  workingDir: The folder that the program starts in.
ContainerPort: A port that a container listens on.
  containerPort: The port number, 1 to 65535.
  hostIP: The address of the node on which hostPort is taken.
  hostPort: A port of the node that leads here.
  name: A name that policies and services can use for the port.
  protocol: UDP, TCP or SCTP; TCP when absent.
ContainerState: What a container does: one of running, terminated and waiting.
  running: It runs.
  terminated: It has ended.
  waiting: It does not run yet, or not again yet.
ContainerStateRunning: A container that runs.
  startedAt: Since when.
ContainerStateTerminated: A container that has ended.
  containerID: Which container it was.
  exitCode: The exit code.
  finishedAt: When it ended.
  message: Its last words.
  reason: Why it ended, in one word.
  signal: The signal that ended it.
  startedAt: When it was started.
ContainerStateWaiting: A container that does not run yet.
  message: Details for people.
  reason: Why it waits, in one word.
ContainerStatus: How a container fares.
  allocatedResources: What the node has set aside for it.
  allocatedResourcesStatus: How its devices fare.
  containerID: Which container it is, as containerd://ID.
  image: The name of the image that runs.
  imageID: The digest of the image that runs.
  lastState: How it ended the last time.
  name: The name of the container.
  ready: It passes its readiness probe.
  resources: What it needs and may use, as it is in force.
  restartCount: How often it was started again.
  started: It has passed its startup probe.
  state: What it does now.
  stopSignal: The signal that asks it to end.
  user: As whom it runs.
  volumeMounts: How its volumes are mounted.
EnvFromSource: An object whose items become environment variables.
  configMapRef: A ConfigMap.
  prefix: What is put before the names.
  secretRef: A Secret.
EnvVar: An environment variable.
  name: The name of the variable.
  value: The value; $(NAME) stands for other variables.
  valueFrom: Where the value comes from instead.
EnvVarSource: Where a value comes from: one of these.
  configMapKeyRef: An item of a ConfigMap.
  fieldRef: A field of the pod, as status.podIP.
  fileKeyRef: A line of a file.
  resourceFieldRef: What the container needs or may use.
  secretKeyRef: An item of a Secret.
ExecAction: A command that is run in the container.
  command: The program with its arguments; no shell is used.
GRPCAction: A question to a gRPC health service.
  port: The port number.
  service: The name of the service that is asked about.
HTTPGetAction: An HTTP request.
  host: The host; the pod's address when absent.
  httpHeaders: Headers of the request.
  path: The path.
  port: The port, by number or by name.
  scheme: HTTP or HTTPS; HTTP when absent.
HTTPHeader: A header of a request.
  name: The name of the header.
  value: What it is set to.
Lifecycle: What is done after the start of a container and before its end.
  postStart: Done right after the start.
  preStop: Done before it is asked to end.
  stopSignal: The signal that asks it to end.
LifecycleHandler: Something that is done: one of these.
  exec: Runs a command in the container.
  httpGet: Makes an HTTP request.
  sleep: Waits.
  tcpSocket: Not supported.
ObjectFieldSelector: A field of the pod.
  apiVersion: The API version that the path is written for; v1 when absent.
  fieldPath: The path of the field, as metadata.name.
Probe: A look at a container, again and again.
  exec: Runs a command; exit code 0 is success.
  failureThreshold: So many failures in a row count as one; 3 when absent.
  grpc: Asks a gRPC health service.
  httpGet: Makes an HTTP request; 200 to 399 is success.
  initialDelaySeconds: Seconds after the start until the first look.
  periodSeconds: Seconds between two looks; 10 when absent.
  successThreshold: So many successes in a row count as one; 1 when absent.
  tcpSocket: Opens a TCP connection.
  terminationGracePeriodSeconds: Seconds to end when the probe has failed; the pod's when absent.
  timeoutSeconds: Seconds after which a look has failed; 1 when absent.
ResourceRequirements: What is needed and may be used, by resource, as cpu and memory.
  claims: Devices and other resources of the pod that are used.
  limits: What may be used at most.
  requests: What is needed; the same as limits when absent.
ResourceFieldSelector: What a container needs or may use.
  containerName: The container; the same one when absent.
  divisor: The unit in which it is told; 1 when absent.
  resource: Which, as limits.cpu.
SeccompProfile: Which system calls are allowed.
  localhostProfile: A profile that the node has, for the type Localhost.
  type: Localhost, RuntimeDefault or Unconfined.
SecretEnvSource: A Secret whose items become environment variables.
  name: The name of the Secret.
  optional: The container starts without it, too.
SecretKeySelector: An item of a Secret.
  key: The name of the item.
  name: The name of the Secret.
  optional: The container starts without it, too.
SecurityContext: What a container may do, and as whom it runs. Counts before what the pod says.
  allowPrivilegeEscalation: Its processes may get more rights than their parents.
  appArmorProfile: The AppArmor profile.
  capabilities: Rights of the kernel that it gets or loses.
  privileged: It may do what root on the node may do.
  procMount: Default or Unmasked: how much of /proc is seen.
  readOnlyRootFilesystem: It cannot write to its root file system.
  runAsGroup: The first group of the processes.
  runAsNonRoot: It is not started if it would run as root.
  runAsUser: The user of the processes.
  seLinuxOptions: The SELinux label.
  seccompProfile: Which system calls are allowed.
  windowsOptions: Settings for Windows.
SleepAction: A wait.
  seconds: How long.
TCPSocketAction: A TCP connection.
  host: The host; the pod's address when absent.
  port: The port, by number or by name.
VolumeDevice: Where a block device is in a container.
  devicePath: The path of the device.
  name: The name of the volume.
VolumeMount: Where a volume is mounted in a container.
  mountPath: The path; it must not contain a colon.
  mountPropagation: Whether mounts below are seen on the other side: None, HostToContainer or Bidirectional.
  name: The name of the volume.
  readOnly: It cannot be written to.
  recursiveReadOnly: Whether mounts below are read-only, too: Disabled, IfPossible or Enabled.
  subPath: The part of the volume that is mounted; all of it when absent.
  subPathExpr: The same as subPath, with $(NAME) for environment variables.
`;
