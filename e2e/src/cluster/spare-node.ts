import type { StartedNode } from '@margay/kind-node';
import type { ResourceStore } from '@margay/ports';
import type { NodePlace } from '../fabric/plan.ts';
import type { NodeTools } from './tools.ts';

export interface SpareNodeParts {
  readonly node: StartedNode;
  readonly place: NodePlace;
  readonly tools: NodeTools;
  readonly store: ResourceStore;
  /** Makes the network settings that a restart has taken. */
  readonly configure: () => Promise<void>;
}

/**
 * A machine that is switched off while nobody needs it. kind makes all its
 * nodes at once; Kubernetes knows this one only while it is on.
 */
export class SpareNode {
  readonly place: NodePlace;
  readonly tools: NodeTools;
  readonly #parts: SpareNodeParts;
  #isOn = true;

  constructor(parts: SpareNodeParts) {
    this.#parts = parts;
    this.place = parts.place;
    this.tools = parts.tools;
  }

  get name(): string {
    return this.#parts.node.name;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Resolves when its kubelet has made its Node. */
  async switchOn(): Promise<void> {
    const { node, tools, configure } = this.#parts;
    if (this.#isOn) throw new Error(`${node.name} is part of the cluster already`);
    await node.start({ wait: 'running' });
    this.#isOn = true;
    await configure();
    await tools.restart();
    await node.waitFor('kubelet');
  }

  /** For good: its Node goes too, and with it whatever the cluster keeps for the node. */
  async switchOff(): Promise<void> {
    const { node, store } = this.#parts;
    if (!this.#isOn) return;
    await node.stop();
    this.#isOn = false;
    await store.delete('Node', { name: node.name });
  }
}
