import { isIP } from 'node:net';
import { KindError } from './kind-error.ts';

export type NodeRole = 'control-plane' | 'worker';

/** A part of a kubeadm document: YAML text, or an object with `kind`. */
export type KubeadmPatch = string | Readonly<Record<string, unknown>>;

export interface ExtraMount {
  readonly hostPath: string;
  readonly containerPath: string;
  readonly readOnly?: boolean;
  readonly propagation?: 'None' | 'HostToContainer' | 'Bidirectional';
}

export interface ExtraPortMapping {
  readonly containerPort: number;
  /** Left out or 0: Docker chooses. */
  readonly hostPort?: number;
  readonly listenAddress?: string;
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
}

export interface NodeConfig {
  readonly role: NodeRole;
  /** Instead of the cluster's. */
  readonly image?: string;
  /** Kubernetes labels of the node. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly extraMounts?: readonly ExtraMount[];
  readonly extraPortMappings?: readonly ExtraPortMapping[];
  readonly kubeadmConfigPatches?: readonly KubeadmPatch[];
}

export interface NetworkingConfig {
  readonly ipFamily?: 'ipv4' | 'ipv6' | 'dual';
  readonly podSubnet?: string;
  readonly serviceSubnet?: string;
  /** Then nodes stay NotReady until you install a CNI, and `start` does not wait for Ready. */
  readonly disableDefaultCNI?: boolean;
  readonly kubeProxyMode?: 'iptables' | 'ipvs' | 'nftables' | 'none';
  readonly apiServerAddress?: string;
  readonly apiServerPort?: number;
}

/** kind's configuration, with types; the names are kind's own (`kind.x-k8s.io/v1alpha4`). */
export interface ClusterConfig {
  /** One control plane by default. */
  readonly nodes?: readonly NodeConfig[];
  readonly networking?: NetworkingConfig;
  readonly featureGates?: Readonly<Record<string, boolean>>;
  readonly runtimeConfig?: Readonly<Record<string, string>>;
  readonly kubeadmConfigPatches?: readonly KubeadmPatch[];
  readonly containerdConfigPatches?: readonly string[];
}

/**
 * The file that kind reads. It is JSON, which is YAML too.
 * @throws {KindError} `BAD_CONFIG`
 */
export function renderConfig(config: ClusterConfig): string {
  const { nodes = [{ role: 'control-plane' }], networking, kubeadmConfigPatches, ...rest } = config;
  if (!nodes.some(({ role }) => role === 'control-plane')) throw refuse('nodes', 'has no control-plane');
  checkNetworking(networking ?? {});
  const document = {
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    nodes: nodes.map((node, index) => renderNode(node, `nodes[${index}]`)),
    ...(networking && { networking }),
    ...(kubeadmConfigPatches && { kubeadmConfigPatches: kubeadmConfigPatches.map(renderPatch) }),
    ...rest,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function renderNode(node: NodeConfig, path: string): object {
  const { kubeadmConfigPatches, extraMounts = [], extraPortMappings = [] } = node;
  for (const [index, { hostPath, containerPath }] of extraMounts.entries()) {
    const at = `${path}.extraMounts[${index}]`;
    if (hostPath === '') throw refuse(`${at}.hostPath`, 'is empty');
    if (!containerPath.startsWith('/')) throw refuse(`${at}.containerPath`, 'is not an absolute path');
  }
  for (const [index, { containerPort, hostPort, listenAddress }] of extraPortMappings.entries()) {
    const at = `${path}.extraPortMappings[${index}]`;
    checkPort(containerPort, 1, `${at}.containerPort`);
    if (hostPort !== undefined) checkPort(hostPort, 0, `${at}.hostPort`);
    checkAddress(listenAddress, `${at}.listenAddress`);
  }
  return { ...node, ...(kubeadmConfigPatches && { kubeadmConfigPatches: kubeadmConfigPatches.map(renderPatch) }) };
}

function renderPatch(patch: KubeadmPatch): string {
  return typeof patch === 'string' ? patch : JSON.stringify(patch);
}

function checkNetworking({ podSubnet, serviceSubnet, apiServerAddress, apiServerPort }: NetworkingConfig): void {
  checkSubnets(podSubnet, 'networking.podSubnet');
  checkSubnets(serviceSubnet, 'networking.serviceSubnet');
  checkAddress(apiServerAddress, 'networking.apiServerAddress');
  if (apiServerPort !== undefined) checkPort(apiServerPort, 0, 'networking.apiServerPort');
}

/** One network, or two with a comma between them for `dual`. */
function checkSubnets(text: string | undefined, path: string): void {
  if (text === undefined) return;
  for (const part of text.split(',')) {
    const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(part) ?? [];
    const family = isIP(address);
    if (family === 0 || Number(bits) > (family === 4 ? 32 : 128)) {
      throw refuse(path, `is not a network in CIDR notation: ${JSON.stringify(part)}`);
    }
  }
}

function checkAddress(text: string | undefined, path: string): void {
  if (text !== undefined && isIP(text) === 0) throw refuse(path, `is not an IP address: ${JSON.stringify(text)}`);
}

function checkPort(port: number, least: number, path: string): void {
  if (!Number.isInteger(port) || port < least || port > 65535) throw refuse(path, `is not a port: ${port}`);
}

function refuse(path: string, why: string): KindError {
  return new KindError('BAD_CONFIG', `${path} ${why}. Correct it in the configuration.`);
}
