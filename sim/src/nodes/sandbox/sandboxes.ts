import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  type Attachment,
  addNetworkList,
  type CniRuntime,
  delNetworkList,
  loadNetworkList,
  podAddresses,
} from '../cni/index.ts';
import { createNamedNamespace, removeNamedNamespace } from '../native/namespace.ts';
import type { SandboxRecord } from './record.ts';
import { namespacePathOf, type RecordStore } from './record-store.ts';

/** Name of the pod's interface, as every container runtime gives it. */
const POD_INTERFACE = 'eth0';

export interface SandboxRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly hostNetwork: boolean;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface SandboxOptions {
  readonly records: RecordStore;
  readonly cni: CniRuntime;
  readonly confDir: string;
  /** Where the named namespaces are mounted. */
  readonly netnsDir: string;
  readonly nodeAddress: string;
}

/** Makes and removes the network namespaces of pods, as a container runtime does. */
export class Sandboxes {
  readonly #options: SandboxOptions;

  constructor(options: SandboxOptions) {
    this.#options = options;
  }

  /**
   * Makes a namespace and has the CNI plugins fill it. When that fails, a
   * record in state `adding` is left: `remove` it before the next try.
   *
   * @throws {KubeletError} `NO_CONFLIST`, `BAD_CONFLIST` (nothing is left),
   *   `PLUGIN_MISSING`, `PLUGIN_FAILED`, `SYSTEM_CALL`
   */
  async create(request: SandboxRequest): Promise<SandboxRecord> {
    const { records, confDir, netnsDir, nodeAddress, cni } = this.#options;
    const { namespace, pod, uid } = request;
    const base = { version: 1, namespace, pod, uid, containerId: newContainerId(), processes: [] } as const;
    if (request.hostNetwork) {
      const record: SandboxRecord = { ...base, netnsPath: '', state: 'ready', addresses: [nodeAddress] };
      records.put(record);
      return record;
    }
    const network = loadNetworkList(confDir);
    const netnsPath = namespacePathOf(netnsDir, base.containerId);
    const adding: SandboxRecord = { ...base, netnsPath, state: 'adding', network, addresses: [] };
    records.put(adding);
    createNamedNamespace(netnsPath);
    const result = await addNetworkList(cni, network, {
      ...attachmentOf(adding),
      capabilityArgs: { 'io.kubernetes.cri.pod-annotations': request.annotations },
    });
    const ready: SandboxRecord = { ...adding, state: 'ready', addresses: podAddresses(result, POD_INTERFACE) };
    records.put(ready);
    return ready;
  }

  /**
   * Undoes `create`, whole or half done. May be called again until it succeeds.
   * The network of a damaged record is taken to be today's.
   *
   * @throws {KubeletError} `PLUGIN_MISSING`, `PLUGIN_FAILED`, `SYSTEM_CALL`, and of
   *   a damaged record `NO_CONFLIST`, `BAD_CONFLIST`: the record stays.
   */
  async remove(known: SandboxRecord): Promise<void> {
    const { records, cni, confDir } = this.#options;
    const network = known.network ?? (known.damage === undefined ? undefined : loadNetworkList(confDir));
    const record: SandboxRecord = { ...known, ...(network && { network }), state: 'removing' };
    if (known.state !== 'removing') records.put(record);
    if (record.network) {
      const attachment = attachmentOf(record);
      const gone = !existsSync(record.netnsPath);
      await delNetworkList(cni, record.network, gone ? { ...attachment, netnsPath: '' } : attachment);
      removeNamedNamespace(record.netnsPath);
    }
    records.remove(record.containerId);
  }
}

function attachmentOf({ containerId, netnsPath, namespace, pod, uid }: SandboxRecord): Attachment {
  return {
    containerId,
    netnsPath,
    ifName: POD_INTERFACE,
    args: [
      // Of a damaged record they are not known; DEL goes by the container's id.
      ...(pod === ''
        ? []
        : ([
            ['K8S_POD_NAMESPACE', namespace],
            ['K8S_POD_NAME', pod],
          ] as const)),
      ['K8S_POD_INFRA_CONTAINER_ID', containerId],
      ['K8S_POD_UID', uid],
      ['IgnoreUnknown', '1'],
    ],
  };
}

/** 64 hexadecimal digits, as containerd's. */
function newContainerId(): string {
  return randomBytes(32).toString('hex');
}
