/** Volumes of a Pod (core/v1): names and types of the fields, in the notation of ../schema/parse-fields.ts. */
export const CORE_VOLUMES_FIELDS = `
AWSElasticBlockStoreVolumeSource
  fsType string
  partition int32
  readOnly boolean
  volumeID! string
AzureDiskVolumeSource
  cachingMode enum(None,ReadOnly,ReadWrite) default=ReadWrite
  diskName! string
  diskURI! string
  fsType string default=ext4
  kind enum(Dedicated,Managed,Shared) default=Shared
  readOnly boolean
AzureFileVolumeSource
  readOnly boolean
  secretName! string
  shareName! string
CSIVolumeSource
  driver! string
  fsType string
  nodePublishSecretRef LocalObjectReference
  readOnly boolean
  volumeAttributes {string}
CephFSVolumeSource
  monitors! [string]
  path string
  readOnly boolean
  secretFile string
  secretRef LocalObjectReference
  user string
CinderVolumeSource
  fsType string
  readOnly boolean
  secretRef LocalObjectReference
  volumeID! string
ClusterTrustBundleProjection
  labelSelector LabelSelector
  name string
  optional boolean
  path! string
  signerName string
ConfigMapProjection
  items [KeyToPath]
  name string
  optional boolean
ConfigMapVolumeSource
  defaultMode int32
  items [KeyToPath]
  name string
  optional boolean
DownwardAPIProjection
  items [DownwardAPIVolumeFile]
DownwardAPIVolumeFile
  fieldRef ObjectFieldSelector
  mode int32
  path! string
  resourceFieldRef ResourceFieldSelector
DownwardAPIVolumeSource
  defaultMode int32
  items [DownwardAPIVolumeFile]
EmptyDirVolumeSource
  medium string
  sizeLimit Quantity
EphemeralVolumeSource
  volumeClaimTemplate PersistentVolumeClaimTemplate
FCVolumeSource
  fsType string
  lun int32
  readOnly boolean
  targetWWNs [string]
  wwids [string]
FlexVolumeSource
  driver! string
  fsType string
  options {string}
  readOnly boolean
  secretRef LocalObjectReference
FlockerVolumeSource
  datasetName string
  datasetUUID string
GCEPersistentDiskVolumeSource
  fsType string
  partition int32
  pdName! string
  readOnly boolean
GitRepoVolumeSource
  directory string
  repository! string
  revision string
GlusterfsVolumeSource
  endpoints! string
  path! string
  readOnly boolean
HostPathVolumeSource
  path! string
  type enum(,BlockDevice,CharDevice,Directory,DirectoryOrCreate,File,FileOrCreate,Socket)
ISCSIVolumeSource
  chapAuthDiscovery boolean
  chapAuthSession boolean
  fsType string
  initiatorName string
  iqn! string
  iscsiInterface string default=default
  lun! int32
  portals [string]
  readOnly boolean
  secretRef LocalObjectReference
  targetPortal! string
ImageVolumeSource
  pullPolicy enum(Always,IfNotPresent,Never)
  reference string
KeyToPath
  key! string
  mode int32
  path! string
NFSVolumeSource
  path! string
  readOnly boolean
  server! string
PersistentVolumeClaimSpec
  accessModes [enum(ReadOnlyMany,ReadWriteMany,ReadWriteOnce,ReadWriteOncePod)]
  dataSource TypedLocalObjectReference
  dataSourceRef TypedObjectReference
  resources VolumeResourceRequirements
  selector LabelSelector
  storageClassName string
  volumeAttributesClassName string
  volumeMode enum(Block,Filesystem)
  volumeName string
PersistentVolumeClaimTemplate
  metadata ObjectMeta
  spec! PersistentVolumeClaimSpec
PersistentVolumeClaimVolumeSource
  claimName! string
  readOnly boolean
PhotonPersistentDiskVolumeSource
  fsType string
  pdID! string
PodCertificateProjection
  certificateChainPath string
  credentialBundlePath string
  keyPath string
  keyType! string
  maxExpirationSeconds int32
  signerName! string
PortworxVolumeSource
  fsType string
  readOnly boolean
  volumeID! string
ProjectedVolumeSource
  defaultMode int32
  sources [VolumeProjection]
QuobyteVolumeSource
  group string
  readOnly boolean
  registry! string
  tenant string
  user string
  volume! string
RBDVolumeSource
  fsType string
  image! string
  keyring string default=/etc/ceph/keyring
  monitors! [string]
  pool string default=rbd
  readOnly boolean
  secretRef LocalObjectReference
  user string default=admin
ScaleIOVolumeSource
  fsType string default=xfs
  gateway! string
  protectionDomain string
  readOnly boolean
  secretRef! LocalObjectReference
  sslEnabled boolean
  storageMode string default=ThinProvisioned
  storagePool string
  system! string
  volumeName string
SecretProjection
  items [KeyToPath]
  name string
  optional boolean
SecretVolumeSource
  defaultMode int32
  items [KeyToPath]
  optional boolean
  secretName string
ServiceAccountTokenProjection
  audience string
  expirationSeconds int64
  path! string
StorageOSVolumeSource
  fsType string
  readOnly boolean
  secretRef LocalObjectReference
  volumeName string
  volumeNamespace string
TypedLocalObjectReference atomic
  apiGroup string
  kind! string
  name! string
TypedObjectReference
  apiGroup string
  kind! string
  name! string
  namespace string
Volume
  awsElasticBlockStore AWSElasticBlockStoreVolumeSource
  azureDisk AzureDiskVolumeSource
  azureFile AzureFileVolumeSource
  cephfs CephFSVolumeSource
  cinder CinderVolumeSource
  configMap ConfigMapVolumeSource
  csi CSIVolumeSource
  downwardAPI DownwardAPIVolumeSource
  emptyDir EmptyDirVolumeSource
  ephemeral EphemeralVolumeSource
  fc FCVolumeSource
  flexVolume FlexVolumeSource
  flocker FlockerVolumeSource
  gcePersistentDisk GCEPersistentDiskVolumeSource
  gitRepo GitRepoVolumeSource
  glusterfs GlusterfsVolumeSource
  hostPath HostPathVolumeSource
  image ImageVolumeSource
  iscsi ISCSIVolumeSource
  name! string
  nfs NFSVolumeSource
  persistentVolumeClaim PersistentVolumeClaimVolumeSource
  photonPersistentDisk PhotonPersistentDiskVolumeSource
  portworxVolume PortworxVolumeSource
  projected ProjectedVolumeSource
  quobyte QuobyteVolumeSource
  rbd RBDVolumeSource
  scaleIO ScaleIOVolumeSource
  secret SecretVolumeSource
  storageos StorageOSVolumeSource
  vsphereVolume VsphereVirtualDiskVolumeSource
VolumeProjection
  clusterTrustBundle ClusterTrustBundleProjection
  configMap ConfigMapProjection
  downwardAPI DownwardAPIProjection
  podCertificate PodCertificateProjection
  secret SecretProjection
  serviceAccountToken ServiceAccountTokenProjection
VolumeResourceRequirements
  limits {Quantity}
  requests {Quantity}
VsphereVirtualDiskVolumeSource
  fsType string
  storagePolicyID string
  storagePolicyName string
  volumePath! string
`;
