/** Node (core/v1): names and types of the fields, in the notation of ../schema/parse-fields.ts. */
export const CORE_NODE_FIELDS = `
AttachedVolume
  devicePath! string
  name! string
ContainerImage
  names [string]
  sizeBytes int64
DaemonEndpoint
  Port! int32
Node
  apiVersion string
  kind string
  metadata ObjectMeta
  spec NodeSpec
  status NodeStatus
NodeAddress
  address! string
  type! string
NodeCondition
  lastHeartbeatTime Time
  lastTransitionTime Time
  message string
  reason string
  status! string
  type! string
NodeConfigSource
  configMap ConfigMapNodeConfigSource
NodeConfigStatus
  active NodeConfigSource
  assigned NodeConfigSource
  error string
  lastKnownGood NodeConfigSource
NodeDaemonEndpoints
  kubeletEndpoint DaemonEndpoint
NodeFeatures
  supplementalGroupsPolicy boolean
NodeRuntimeHandler
  features NodeRuntimeHandlerFeatures
  name string
NodeRuntimeHandlerFeatures
  recursiveReadOnlyMounts boolean
  userNamespaces boolean
NodeSpec
  configSource NodeConfigSource
  externalID string
  podCIDR string
  podCIDRs [string] merge set
  providerID string
  taints [Taint]
  unschedulable boolean
NodeStatus
  addresses [NodeAddress] merge=type keys=type
  allocatable {Quantity}
  capacity {Quantity}
  conditions [NodeCondition] merge=type keys=type
  config NodeConfigStatus
  daemonEndpoints NodeDaemonEndpoints
  features NodeFeatures
  images [ContainerImage]
  nodeInfo NodeSystemInfo
  phase enum(Pending,Running,Terminated)
  runtimeHandlers [NodeRuntimeHandler]
  volumesAttached [AttachedVolume]
  volumesInUse [string]
NodeSwapStatus
  capacity int64
NodeSystemInfo
  architecture! string
  bootID! string
  containerRuntimeVersion! string
  kernelVersion! string
  kubeProxyVersion! string
  kubeletVersion! string
  machineID! string
  operatingSystem! string
  osImage! string
  swap NodeSwapStatus
  systemUUID! string
Taint
  effect! enum(NoExecute,NoSchedule,PreferNoSchedule)
  key! string
  timeAdded Time
  value string
`;
