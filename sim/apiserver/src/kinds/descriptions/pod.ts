/** What `kubectl explain` says about pods, but for their containers, in the notation of ../../schema/parse-descriptions.ts. */
export const POD_DESCRIPTIONS = `
HostAlias: Names for an address, in the pod's file of hosts.
  hostnames: The names.
  ip: The address.
HostIP: An address of the pod's node.
  ip: The address.
Pod: Containers that run together on one node and share one network address.
PodCondition: What is observed about a pod, as whether it is ready.
  lastProbeTime: When it was looked at last.
  lastTransitionTime: When the status changed last.
  message: Details for people.
  observedGeneration: The generation of the pod that was looked at.
  reason: Why, in one word.
  status: True, False or Unknown.
  type: What is observed, as Ready or PodScheduled.
PodDNSConfig: How names are looked up in a pod, beside what dnsPolicy says.
  nameservers: Addresses of DNS servers.
  options: Options of the look-up.
  searches: Domains in which short names are looked for.
PodDNSConfigOption: An option of the look-up of names.
  name: The name of the option.
  value: What it is set to, if it takes a value.
PodIP: An address of a pod.
  ip: The address.
PodOS: The operating system of a pod's containers.
  name: linux or windows.
PodReadinessGate: A condition that a pod needs to be ready, beside its containers.
  conditionType: The type of the condition.
PodResourceClaim: A device or other resource that a pod asks for.
  name: Its name in the pod.
  resourceClaimName: A claim that is there already.
  resourceClaimTemplateName: A template from which a claim is made for the pod.
PodSecurityContext: What all containers of a pod may do, and as whom they run.
  appArmorProfile: The AppArmor profile.
  fsGroup: A group that owns the pod's volumes, and that its processes are in.
  fsGroupChangePolicy: Always, or OnRootMismatch: when the owner of what is in a volume is changed.
  runAsGroup: The first group of the processes.
  runAsNonRoot: A container that would run as root is not started.
  runAsUser: The user of the processes.
  seLinuxChangePolicy: How volumes get their SELinux label: Recursive or MountOption.
  seLinuxOptions: The SELinux label.
  seccompProfile: Which system calls are allowed.
  supplementalGroups: Further groups of the processes.
  supplementalGroupsPolicy: Merge or Strict: whether groups of the image count, too.
  sysctls: Kernel settings of the pod's namespaces.
  windowsOptions: Settings for Windows.
PodSchedulingGate: Something that keeps a pod from being placed.
  name: The name of the gate.
PodSpec: What is wanted of a pod.
  activeDeadlineSeconds: Seconds after its start at which the pod is ended as failed.
  affinity: Wishes about nodes, and about other pods to be near to or away from.
  automountServiceAccountToken: Whether the pod gets a token of its service account.
  containers: The containers of the pod; at least one. Cannot be changed.
  dnsConfig: How names are looked up, beside what dnsPolicy says.
  dnsPolicy: Where names are looked up: in the cluster (ClusterFirst, the default; ClusterFirstWithHostNet), as on the node (Default), or only as dnsConfig says (None).
  enableServiceLinks: Whether environment variables tell about the services of the namespace; true when absent.
  ephemeralContainers: Containers that were added to look into a running pod.
  hostAliases: More names for the pod's file of hosts.
  hostIPC: The pod shares the node's interprocess communication.
  hostNetwork: The pod uses the node's own network and address.
  hostPID: The pod sees the node's processes.
  hostUsers: False gives the pod users of its own.
  hostname: The host name inside; the name of the pod when absent.
  hostnameOverride: The host name inside, whatever else would make it.
  imagePullSecrets: Secrets with which images are fetched.
  initContainers: Containers that run one after the other, each to its end, before the others start.
  nodeName: The node that the pod runs on; set by the scheduler when empty.
  nodeSelector: Labels that the node must have.
  os: The operating system of the containers.
  overhead: What the pod needs beside its containers, by resource.
  preemptionPolicy: Whether less important pods may be ended to make room: PreemptLowerPriority or Never.
  priority: How important the pod is; follows from priorityClassName.
  priorityClassName: The class that says how important the pod is.
  readinessGates: Conditions that the pod needs to be ready, beside its containers.
  resourceClaims: Devices and other resources that the pod asks for.
  resources: What the pod as a whole needs and may use.
  restartPolicy: Whether containers that ended are started again: Always (the default), OnFailure or Never.
  runtimeClassName: How the containers are run.
  schedulerName: The scheduler that places the pod.
  schedulingGates: While there is any, the pod is not placed.
  securityContext: What all containers may do, and as whom they run.
  serviceAccount: The old name of serviceAccountName.
  serviceAccountName: The name under which the pod speaks to the API.
  setHostnameAsFQDN: The host name inside is the full one.
  shareProcessNamespace: The containers see each other's processes.
  subdomain: With hostname, the pod's name in DNS.
  terminationGracePeriodSeconds: Seconds from the request to end until the containers are killed; 30 when absent.
  tolerations: Taints of nodes that the pod can do with.
  topologySpreadConstraints: How pods of one kind are spread over nodes or zones.
  volumes: Files and folders that containers can mount.
PodStatus: What was observed last about a pod.
  conditions: What is observed about the pod, as Ready.
  containerStatuses: How its containers fare.
  ephemeralContainerStatuses: How its ephemeral containers fare.
  extendedResourceClaimStatus: The claim that was made for its extended resources.
  hostIP: The address of the pod's node.
  hostIPs: The addresses of the pod's node, one for each family.
  initContainerStatuses: How its init containers fare.
  message: Why it is in this phase, in a sentence.
  nominatedNodeName: The node where room is made for it.
  observedGeneration: The generation of the pod that was looked at.
  phase: Where the pod is in its life: Pending, Running, Succeeded, Failed or Unknown.
  podIP: The address of the pod.
  podIPs: The addresses of the pod, one for each family.
  qosClass: How its needs are guaranteed: Guaranteed, Burstable or BestEffort.
  reason: Why it is in this phase, in one word.
  resize: Not used any more.
  resourceClaimStatuses: The claims that were made for it.
  startTime: When its node took it on.
Sysctl: A kernel setting.
  name: The name of the setting.
  value: What it is set to.
`;
