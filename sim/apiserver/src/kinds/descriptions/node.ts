/** What `kubectl explain` says about nodes, in the notation of ../../schema/parse-descriptions.ts. */
export const NODE_DESCRIPTIONS = `
AttachedVolume: A volume that is attached to a node.
  devicePath: Where the device is on the node.
  name: The name of the volume.
ContainerImage: A container image that a node has.
  names: The names that it is known by.
  sizeBytes: How large it is, in bytes.
DaemonEndpoint: A port that a program of the node listens on.
  Port: The port number.
Node: A machine that runs pods.
NodeAddress: Where a node is reached.
  address: The address or name.
  type: InternalIP, ExternalIP, Hostname, InternalDNS or ExternalDNS.
NodeCondition: What is observed about a node, as whether it is ready.
  lastHeartbeatTime: When it was told last.
  lastTransitionTime: When the status changed last.
  message: Details for people.
  reason: Why, in one word.
  status: True, False or Unknown.
  type: What is observed, as Ready or NetworkUnavailable.
NodeDaemonEndpoints: Ports that the node's own programs listen on.
  kubeletEndpoint: Where the kubelet listens.
NodeFeatures: What the node's container runtime can do.
  supplementalGroupsPolicy: It can decide about supplemental groups as pods ask.
NodeRuntimeHandler: A way to run containers that the node offers.
  features: What it can do.
  name: Its name; empty for the default.
NodeRuntimeHandlerFeatures: What a way to run containers can do.
  recursiveReadOnlyMounts: It can make mounts read-only with all below.
  userNamespaces: It can give pods users of their own.
NodeSpec: What is wanted of a node.
  configSource: Not used any more.
  externalID: Not used any more.
  podCIDR: A range of addresses that was set aside for the pods of the node. Margay does not use it.
  podCIDRs: The same as podCIDR, one range for each address family.
  providerID: What the cloud calls the machine.
  taints: Pods without a matching toleration are kept away.
  unschedulable: No new pods are placed on the node; set by \`kubectl cordon\`.
NodeStatus: What was observed last about a node.
  addresses: Where the node is reached.
  allocatable: What pods can have of the node, by resource.
  capacity: What the node has, by resource.
  conditions: What is observed about the node, as Ready.
  config: Not used any more.
  daemonEndpoints: Ports that the node's own programs listen on.
  features: What the node's container runtime can do.
  images: Container images that the node has.
  nodeInfo: The node's system and the versions of its programs.
  phase: Not used any more.
  runtimeHandlers: Ways to run containers that the node offers.
  volumesAttached: Volumes that are attached to the node.
  volumesInUse: Attached volumes that pods use.
NodeSwapStatus: The swap space of a node.
  capacity: How much there is, in bytes.
NodeSystemInfo: A node's system and the versions of its programs.
  architecture: The processor architecture, as amd64.
  bootID: Changes with every start of the machine.
  containerRuntimeVersion: The container runtime with its version, as containerd://2.0.0.
  kernelVersion: The version of the kernel.
  kubeProxyVersion: Not used any more.
  kubeletVersion: The version of the kubelet.
  machineID: Identifies the installed system.
  operatingSystem: As linux.
  osImage: The system's own name for itself.
  swap: The swap space of the node.
  systemUUID: Identifies the machine.
Taint: Keeps pods away from a node that do not tolerate it.
  effect: NoSchedule keeps new pods away, PreferNoSchedule if possible; NoExecute sends running ones away, too.
  key: The name of the taint.
  timeAdded: When it was added; kept for NoExecute.
  value: What the key is set to.
`;
