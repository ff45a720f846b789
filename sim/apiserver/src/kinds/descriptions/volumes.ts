/** What `kubectl explain` says about volumes, in the notation of ../../schema/parse-descriptions.ts. */
export const VOLUMES_DESCRIPTIONS = `
ConfigMapVolumeSource: A ConfigMap as files.
  defaultMode: The mode of the files; 0644 when absent.
  items: The items that become files; all when absent.
  name: The name of the ConfigMap.
  optional: The pod starts without it, too.
EmptyDirVolumeSource: A folder that is empty at first and goes with the pod.
  medium: Memory keeps it there; on disk when empty.
  sizeLimit: How large it may become.
HostPathVolumeSource: A file or folder of the node.
  path: Where it is on the node.
  type: What must be there, or is made, as Directory or DirectoryOrCreate; no check when empty.
KeyToPath: An item that becomes a file.
  key: The name of the item.
  mode: The mode of the file.
  path: The path of the file in the volume.
PersistentVolumeClaimVolumeSource: Storage that is claimed.
  claimName: The name of the claim.
  readOnly: It cannot be written to.
ProjectedVolumeSource: Several sources in one folder.
  defaultMode: The mode of the files; 0644 when absent.
  sources: The sources.
SecretVolumeSource: A Secret as files.
  defaultMode: The mode of the files; 0644 when absent.
  items: The items that become files; all when absent.
  optional: The pod starts without it, too.
  secretName: The name of the Secret.
Volume: Files or folders that containers can mount. One source beside the name.
  configMap: A ConfigMap as files.
  csi: Storage of a CSI driver that lives as long as the pod.
  downwardAPI: Fields of the pod as files.
  emptyDir: A folder that is empty at first and goes with the pod.
  ephemeral: Storage that is claimed for the pod and goes with it.
  hostPath: A file or folder of the node.
  image: The content of an image.
  name: Unique in the pod; a DNS label.
  nfs: A folder of an NFS server.
  persistentVolumeClaim: Storage that is claimed.
  projected: Several sources in one folder.
  secret: A Secret as files.
`;
