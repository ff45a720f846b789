import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Kubelets } from '../cluster/kubelets.ts';
import { planNode } from '../fabrics/bare-metal/plan.ts';
import type { FabricKeeper } from '../fabrics/keeper.ts';
import type { FabricPart } from '../fabrics/part.ts';
import type { StatePaths } from '../launcher/paths.ts';
import { agentProcess, kubeletProcess, kubeletSocket, nodeProcessNames } from '../supervisor/node-processes.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import type { NodeSpec, Topology } from '../topology/types.ts';
import { createMachine, type Machine, removeMachine } from './machine.ts';

/** The nodes that exist: their links, their machines and their processes. */
export class NodeMachines {
  readonly #paths: StatePaths;
  readonly #supervisor: Supervisor;
  readonly #kubelets: Kubelets;
  readonly #fabric: FabricKeeper;
  readonly #topology: Topology;
  readonly #servicesAnswer: Promise<void>;
  readonly #nodes = new Map<
    string,
    { readonly spec: NodeSpec; readonly part: FabricPart; readonly machine: Machine }
  >();
  /** Every node that was ever added. */
  readonly #made = new Set<string>();
  /** Names of folders are numbers, since the path of a socket may have no more than 107 bytes. */
  #nextFolder = 1;

  constructor(options: {
    readonly paths: StatePaths;
    readonly supervisor: Supervisor;
    readonly kubelets: Kubelets;
    readonly fabric: FabricKeeper;
    /** Its racks and routers; they do not change. */
    readonly topology: Topology;
    /** Agents start after it: one that finds nobody pauses, and a cluster's start would wait for the pauses. */
    readonly servicesAnswer: Promise<void>;
  }) {
    this.#paths = options.paths;
    this.#supervisor = options.supervisor;
    this.#kubelets = options.kubelets;
    this.#fabric = options.fabric;
    this.#topology = options.topology;
    this.#servicesAnswer = options.servicesAnswer;
  }

  /** The topology as it is now: the nodes in the order of the topology's text, later ones after them. */
  topology(): Topology {
    const order = new Map(this.#topology.nodes.map(({ name }, index) => [name, index]));
    const place = ({ name }: NodeSpec): number => order.get(name) ?? order.size;
    const specs = [...this.#nodes.values()].map(({ spec }) => spec);
    return { ...this.#topology, nodes: specs.toSorted((a, b) => place(a) - place(b)) };
  }

  /** True of a node that has a machine or is still to get one: it will register. */
  awaits(node: string): boolean {
    return this.#nodes.has(node) || (!this.#made.has(node) && this.#topology.nodes.some(({ name }) => name === node));
  }

  get(node: string): Machine | undefined {
    return this.#nodes.get(node)?.machine;
  }

  specOf(node: string): NodeSpec | undefined {
    return this.#nodes.get(node)?.spec;
  }

  /** Makes the node and starts its agent and its kubelet, which registers it. @throws {KernelError}, {SimError} */
  async add(spec: NodeSpec): Promise<void> {
    const part = planNode(this.#topology, spec);
    this.#fabric.add(part);
    const folder = join(this.#paths.nodes, String(this.#nextFolder++));
    mkdirSync(folder, { mode: 0o700 });
    const machine = await createMachine(spec.name, folder);
    this.#made.add(spec.name);
    this.#nodes.set(spec.name, { spec, part, machine });
    this.#kubelets.add(spec.name, kubeletSocket(machine));
    this.#supervisor.add(kubeletProcess(this.#paths, machine, spec));
    void this.#servicesAnswer.then(() => {
      // Unless the node was taken away in the meantime.
      if (this.get(spec.name) === machine) this.#supervisor.add(agentProcess(this.#paths, machine, spec));
    });
  }

  /** Ends the node's processes and takes its links away, as if the machine was unplugged. */
  async remove(name: string): Promise<void> {
    const node = this.#nodes.get(name);
    if (node === undefined) return;
    this.#nodes.delete(name);
    this.#kubelets.remove(name);
    await Promise.all(nodeProcessNames(name).map((process) => this.#supervisor.remove(process)));
    this.#fabric.remove(node.part);
    removeMachine(node.machine);
    rmSync(node.machine.sharedDirectory, { recursive: true, force: true });
  }
}
