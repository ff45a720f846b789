import type { StartedKindCluster, StartedNode } from '@margay/kind-node';
import { KINDS, type KindName } from '@margay/model';
import type { ResourceStore } from '@margay/ports';
import {
  type ApiObject,
  type Cluster,
  ClusterError,
  type ClusterNode,
  type CommandResult,
  eventually,
  type Probe,
  type ProbeResult,
  type ProcessRef,
  type RunningCommand,
} from '@margay/sim/scenarios';
import { FABRIC, type NodePlace } from '../fabric/plan.ts';
import { findPodNetwork } from './containers.ts';
import type { Kubectl } from './kubectl.ts';
import { must } from './must.ts';
import { deniedPairs, type ProbePlaces, probeAll, targetOf } from './probes.ts';
import { Processes } from './processes.ts';
import type { SpareNode } from './spare-node.ts';
import type { NodeTools } from './tools.ts';
import { translate } from './translate.ts';

/** Namespaces of the cluster's own system: no scenario's business. */
const SYSTEM_NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'];

/** How long a late packet may need to reach the capture's output, milliseconds. */
const CAPTURE_TAIL_MS = 300;

export interface RealClusterParts {
  readonly cluster: StartedKindCluster;
  /** Programs beside the nodes that are always there. */
  readonly tools: ReadonlyMap<string, NodeTools>;
  readonly places: readonly NodePlace[];
  readonly spare: SpareNode;
  /** Makes the network settings that a node has lost with its link. */
  readonly configureNode: (node: string) => Promise<void>;
  readonly store: ResourceStore;
  readonly kubectl: Kubectl;
  /** Where Margay runs. */
  readonly namespace: string;
  /** Of the pods' servers. */
  readonly image: string;
}

/** Real Kubernetes, as scenarios use a cluster. */
export class RealCluster implements Cluster, ProbePlaces {
  /** Theirs is kind's own network, whatever becomes of the fabric. */
  readonly apiOverUnderlay = false;
  readonly outside = { address: FABRIC.outside.witness, port: FABRIC.outside.port };
  /** Every capture so far, as `node filter` and its lines; for evidence. */
  readonly captures: { readonly of: string; readonly lines: readonly string[] }[] = [];
  readonly #parts: RealClusterParts;
  readonly #processes: Processes;
  readonly #networks = new Map<string, Promise<string>>();
  readonly #underlays = new Map<string, Promise<string>>();

  constructor(parts: RealClusterParts) {
    this.#parts = parts;
    const { cluster, store, namespace } = parts;
    this.#processes = new Processes({ nodes: cluster.nodes(), store, namespace });
  }

  async nodes(): Promise<ClusterNode[]> {
    return await Promise.all(
      this.#places().map(async ({ node, address }) => ({
        name: node,
        address,
        underlay: await this.#underlay(node),
      })),
    );
  }

  async apply(yaml: string): Promise<void> {
    const { kubectl, image } = this.#parts;
    const { namespaces, first, rest } = translate(yaml, image);
    if (first !== '') await kubectl.run(['apply', '-f', '-'], first);
    for (const namespace of namespaces) {
      // Pods are refused before there is one.
      await kubectl.run(['wait', '--for=create', 'serviceaccount/default', '-n', namespace, '--timeout=30s']);
    }
    if (rest !== '') await kubectl.run(['apply', '-f', '-'], rest);
  }

  async delete(yaml: string): Promise<void> {
    await this.#parts.kubectl.run(['delete', '--ignore-not-found', '--timeout=150s', '-f', '-'], yaml);
  }

  async get(kind: string, name: string, namespace?: string): Promise<ApiObject | undefined> {
    const ref = { name, ...(namespace !== undefined && { namespace }) };
    return (await this.#parts.store.get(kindNamed(kind), ref)) as ApiObject | undefined;
  }

  async list(kind: string, namespace?: string): Promise<ApiObject[]> {
    const { items } = await this.#parts.store.list(kindNamed(kind), namespace === undefined ? {} : { namespace });
    const system = new Set([...SYSTEM_NAMESPACES, this.#parts.namespace]);
    return (items as unknown as ApiObject[]).filter(
      ({ metadata }) => namespace !== undefined || !system.has(metadata.namespace ?? ''),
    );
  }

  async probe({ from, to, port = 0, protocol = 'tcp' }: Probe): Promise<ProbeResult> {
    const address = await targetOf(this, to);
    if (address === undefined) return { allowed: false, reason: `${to} has no address yet` };
    const [result] = await probeAll(this, from, [{ address, port, protocol }]);
    if (!result) throw new Error('the probe printed nothing');
    return result;
  }

  deniedPairs(): Promise<string[]> {
    return deniedPairs(this);
  }

  async exec(target: string, ...command: string[]): Promise<CommandResult> {
    const node = this.#parts.cluster.nodes().find(({ name }) => name === target);
    if (!node) {
      const { tools, network } = await this.#place(target);
      return await tools.exec(command, network);
    }
    // The node's own files first: what a program leaves there, others of the node find.
    const { exitCode, stdout, stderr } = await node.exec(command);
    return exitCode === 127 ? await this.#tools(target).exec(command) : { code: exitCode, stdout, stderr };
  }

  async start(target: string, ...command: string[]): Promise<RunningCommand> {
    const { tools, network } = await this.#place(target);
    return tools.start(command, network);
  }

  async capture(node: string, filter: string, during: () => Promise<void>): Promise<string[]> {
    const underlay = await this.#underlay(node);
    const options = ['-i', underlay, '-n', '-l', '--immediate-mode'];
    const command = this.#tools(node).start(['tcpdump', ...options, filter]);
    try {
      await eventually(async () =>
        /listening/i.test(command.errors()) ? undefined : `the capture did not start: ${command.errors()}`,
      );
      await during();
      await new Promise((resolve) => setTimeout(resolve, CAPTURE_TAIL_MS));
    } finally {
      await command.stop('INT');
    }
    const lines = command
      .output()
      .split('\n')
      .filter((line) => line !== '');
    this.captures.push({ of: `${node} ${filter}`, lines });
    return lines;
  }

  async addNode(): Promise<string> {
    const { spare } = this.#parts;
    await spare.switchOn();
    return spare.name;
  }

  async removeNode(): Promise<void> {
    const { spare } = this.#parts;
    await spare.switchOff();
    // Its interfaces may have other names the next time.
    this.#underlays.delete(spare.name);
  }

  async setUnderlay(node: string, state: 'up' | 'down'): Promise<void> {
    const device = await this.#underlay(node);
    await must(nodeNamed(this.#parts.cluster.nodes(), node).exec(['ip', 'link', 'set', 'dev', device, state]));
    if (state === 'up') await this.#parts.configureNode(node);
  }

  kill(process: ProcessRef): Promise<void> {
    return this.#processes.kill(process);
  }

  whilePaused(process: ProcessRef, during: () => Promise<void>): Promise<void> {
    return this.#processes.whilePaused(process, during);
  }

  /** Runs a program of the tests' image in a pod's network. */
  async runTool(pod: string, command: readonly string[]): Promise<CommandResult> {
    const { tools, network } = await this.#place(pod);
    return await tools.exec(command, network);
  }

  /** @throws ClusterError: there is no such pod, or it does not run. */
  async #place(target: string): Promise<{ tools: NodeTools; network: string | undefined }> {
    if (this.#places().some(({ node }) => node === target)) return { tools: this.#tools(target), network: undefined };
    const [namespace = '', name = ''] = target.split('/');
    const pod = await this.#parts.store.get('Pod', { namespace, name });
    const node = this.#parts.cluster.nodes().find((each) => each.name === pod?.spec?.nodeName);
    if (!pod || !node) throw new ClusterError(`${target} does not run`, 2);
    const key = pod.metadata.uid ?? target;
    const network = this.#networks.get(key) ?? findPodNetwork(node, { namespace, name });
    this.#networks.set(key, network);
    try {
      return { tools: this.#tools(node.name), network: await network };
    } catch (error) {
      this.#networks.delete(key);
      throw new ClusterError(error instanceof Error ? error.message : String(error), 2);
    }
  }

  #tools(node: string): NodeTools {
    const { spare, tools } = this.#parts;
    const found = node === spare.name && spare.isOn ? spare.tools : tools.get(node);
    if (!found) throw new ClusterError(`there is no node ${node}`, 2);
    return found;
  }

  /** Of the nodes that are there now. */
  #places(): NodePlace[] {
    const { places, spare } = this.#parts;
    return spare.isOn ? [...places, spare.place] : [...places];
  }

  #underlay(name: string): Promise<string> {
    const known = this.#underlays.get(name) ?? findUnderlay(this.#parts.cluster.nodes(), this.#places(), name);
    this.#underlays.set(name, known);
    return known;
  }
}

/** The interface that has the node's address in the fabric; a node's containers do not number theirs in any order. */
async function findUnderlay(
  nodes: readonly StartedNode[],
  places: readonly NodePlace[],
  name: string,
): Promise<string> {
  const node = nodeNamed(nodes, name);
  const place = places.find((each) => each.node === name);
  if (!place) throw new ClusterError(`there is no node ${name}`, 2);
  const lines = (await must(node.exec(['ip', '-4', '-o', 'addr', 'show']))).split('\n');
  const line = lines.find((each) => each.includes(`inet ${place.address}/`));
  const device = line?.split(/\s+/)[1];
  if (device === undefined) throw new Error(`${name} has no interface with ${place.address}`);
  return device;
}

function nodeNamed(nodes: readonly StartedNode[], name: string): StartedNode {
  const node = nodes.find((each) => each.name === name);
  if (!node) throw new ClusterError(`there is no node ${name}`, 2);
  return node;
}

function kindNamed(text: string): KindName {
  const wanted = text.toLowerCase();
  for (const [kind, { plural }] of Object.entries(KINDS)) {
    if (kind.toLowerCase() === wanted || plural === wanted) return kind as KindName;
  }
  throw new ClusterError(`there is no kind ${text}`, 2);
}
