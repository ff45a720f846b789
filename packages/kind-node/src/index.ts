export type {
  ClusterConfig,
  ExtraMount,
  ExtraPortMapping,
  KubeadmPatch,
  NetworkingConfig,
  NodeConfig,
  NodeRole,
} from './cluster-config.ts';
export { renderConfig } from './cluster-config.ts';
export { type ClusterName, MAX_NAME_LENGTH, parseClusterName } from './cluster-name.ts';
export { type Interrupt, interruptible } from './interrupt.ts';
export { type HostOptions, KindCluster, type KindClusterOptions, type StartOptions } from './kind-cluster.ts';
export { KindError, type KindErrorCode, type KindErrorDetails, MAX_ERROR_OUTPUT_CHARACTERS } from './kind-error.ts';
export type { NodeStage } from './node-status.ts';
export type { OnProgress, ProgressEvent, ProgressStep } from './progress.ts';
export type { Reaped } from './reap.ts';
export {
  type ExportedLogs,
  type ImageSource,
  type KubeconfigOptions,
  type LoadOptions,
  StartedKindCluster,
} from './started-cluster.ts';
export {
  type ConnectOptions,
  type ExecOptions,
  type ExecResult,
  type NodeAddress,
  type RestartOptions,
  StartedNode,
} from './started-node.ts';
