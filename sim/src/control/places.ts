import { CallError } from '@margay/wire';
import { type ClusterView, podKey } from '../cluster/cluster-view.ts';
import type { Kubelets } from '../cluster/kubelets.ts';
import { enterMachine } from '../machines/machine.ts';
import type { NodeMachines } from '../machines/node-machines.ts';

/** Finds where a command for a node or a pod has to run. */
export class Places {
  readonly #machines: NodeMachines;
  readonly #view: ClusterView;
  readonly #kubelets: Kubelets;

  constructor(options: {
    readonly machines: NodeMachines;
    readonly view: ClusterView;
    readonly kubelets: Kubelets;
  }) {
    this.#machines = options.machines;
    this.#view = options.view;
    this.#kubelets = options.kubelets;
  }

  /** The command line that runs `command` on a node. @throws {CallError} `INVALID_ARGUMENT` */
  onNode(node: string, command: readonly string[]): string[] {
    const machine = this.#machines.get(node);
    if (machine !== undefined) return enterMachine(machine, command);
    const names = this.#machines.topology().nodes.map(({ name }) => name);
    throw new CallError('INVALID_ARGUMENT', `there is no node '${node}'; the nodes are ${names.join(', ')}`);
  }

  /** The name of the node's first interface, on which it meets the other nodes. */
  underlayOf(node: string): string {
    return this.#machines.specOf(node)?.interfaces[0].name ?? 'eth0';
  }

  /** The command line that runs `command` in the network namespace of a node or a pod, with the machine's files. */
  async on(target: string, command: readonly string[]): Promise<string[]> {
    if (!target.includes('/')) return this.onNode(target, command);
    const pod = this.#view.pods.list().find((candidate) => podKey(candidate) === target);
    const machine = pod?.spec?.nodeName === undefined ? undefined : this.#machines.get(pod.spec.nodeName);
    if (pod === undefined) throw new CallError('INVALID_ARGUMENT', `there is no pod '${target}'`);
    if (machine === undefined) throw new CallError('INVALID_ARGUMENT', `pod ${target} is not on a node yet`);
    if (pod.spec?.hostNetwork) return enterMachine(machine, command);
    const sandboxes = await this.#kubelets.sandboxes(machine.node);
    const sandbox = sandboxes.find(({ namespace, pod: name }) => `${namespace}/${name}` === target);
    if (sandbox === undefined) throw new CallError('INVALID_ARGUMENT', `pod ${target} is not running`);
    return enterMachine(machine, command, sandbox.netnsPath);
  }
}
