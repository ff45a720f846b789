import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KindCluster, type NodeConfig, type StartedKindCluster, type StartedNode } from '@margay/kind-node';
import { createThinStore } from '@margay/kube';
import type { ResourceStore } from '@margay/ports';

/** Which network a node's pods get, as its label says. */
export const NETWORK_LABEL = 'bench.margay.dev/network';

export type Network = 'baseline' | 'margay';

export interface BenchClusterOptions {
  readonly name: string;
  /** The node image. */
  readonly image: string;
  readonly nodes: readonly NodeConfig[];
  readonly signal: AbortSignal;
}

interface Parts {
  readonly kind: StartedKindCluster;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** A cluster without a network of its own, and the ways to it. Disposing of it deletes the cluster. */
export class BenchCluster implements AsyncDisposable {
  readonly kind: StartedKindCluster;
  readonly kubeconfig: string;
  readonly store: ResourceStore;
  /** Ends what is being measured. */
  readonly signal: AbortSignal;
  readonly #folder: string;

  private constructor({ kind, folder, signal }: Parts) {
    this.kind = kind;
    this.signal = signal;
    this.#folder = folder;
    this.kubeconfig = join(folder, 'kubeconfig');
    this.store = createThinStore({ kubeconfig: this.kubeconfig });
  }

  static async start({ signal, ...what }: BenchClusterOptions): Promise<BenchCluster> {
    const config = { ...what, networking: { disableDefaultCNI: true, podSubnet: POD_SUBNET } };
    const kind = await new KindCluster(config).start({ signal });
    try {
      const folder = await mkdtemp(join(tmpdir(), 'margay-bench-'));
      await kind.writeKubeconfig(join(folder, 'kubeconfig'));
      return new BenchCluster({ kind, folder, signal });
    } catch (error) {
      await kind.stop();
      throw error;
    }
  }

  /** The nodes of a network: its workers first, so that what is measured on one node is measured on a worker. */
  async nodesOf(network: Network): Promise<StartedNode[]> {
    const { items } = await this.store.list('Node', { labelSelector: `${NETWORK_LABEL}=${network}` });
    const names = new Set(items.map(({ metadata }) => metadata.name));
    const nodes = this.kind.nodes().filter(({ name }) => names.has(name));
    return nodes.toSorted((a, b) => Number(a.role !== 'worker') - Number(b.role !== 'worker'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kind.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Of the whole cluster, as kube-proxy is told; each network has its part of it. */
const POD_SUBNET = '10.244.0.0/15';

/** Runs a program in a node. @throws {Error} with what it said, when it fails. */
export async function inNode(node: StartedNode, argv: readonly string[], stdin?: string): Promise<string> {
  const { exitCode, stdout, stderr } = await node.exec(argv, stdin === undefined ? {} : { stdin });
  if (exitCode !== 0) throw new Error(`${node.name}: ${argv.join(' ')}: ${stderr || stdout}`);
  return stdout;
}
