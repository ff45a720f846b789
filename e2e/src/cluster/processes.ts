import type { StartedNode } from '@margay/kind-node';
import type { Pod } from '@margay/model';
import type { ResourceStore } from '@margay/ports';
import { eventually, type ProcessRef } from '@margay/sim/scenarios';
import { runningContainers } from './containers.ts';
import { must } from './must.ts';

/** How soon a killed process must be back, milliseconds: the kubelet waits between restarts. */
const RESTART_LIMIT_MS = 60_000;

const SYSTEM_NAMESPACE = 'kube-system';

/** A process of a node that runs. */
interface Process {
  readonly node: StartedNode;
  /** In the node's process namespace. */
  readonly pid: string;
  /** Another one after a restart. */
  readonly identity: string;
}

/** Kills and stops the processes of a real cluster. */
export class Processes {
  readonly #nodes: readonly StartedNode[];
  readonly #store: ResourceStore;
  readonly #namespace: string;

  constructor(options: { nodes: readonly StartedNode[]; store: ResourceStore; namespace: string }) {
    this.#nodes = options.nodes;
    this.#store = options.store;
    this.#namespace = options.namespace;
  }

  /** kill -9 of every replica at once, and waits until as many others run. */
  async kill(ref: ProcessRef): Promise<void> {
    const before = await this.#find(ref);
    await Promise.all(before.map(({ node, pid }) => must(node.exec(['kill', '-KILL', pid]))));
    const old = new Set(before.map(({ identity }) => identity));
    await eventually(async () => {
      try {
        const after = await this.#find(ref);
        const fresh = after.filter(({ identity }) => !old.has(identity)).length;
        return fresh >= before.length ? undefined : `${before.length - fresh} of ${ref.role} were not started again`;
      } catch (error) {
        // The API itself may be what was killed.
        return error instanceof Error ? error.message : String(error);
      }
    }, RESTART_LIMIT_MS);
  }

  /** Stops every replica, alive but silent. @throws Error when the kubelet did not let them be. */
  async whilePaused(ref: ProcessRef, during: () => Promise<void>): Promise<void> {
    const processes = await this.#find(ref);
    const signal = (name: string): Promise<unknown> =>
      Promise.all(processes.map(({ node, pid }) => node.exec(['kill', '-s', name, pid])));
    await signal('STOP');
    try {
      await during();
      await Promise.all(processes.map((process) => checkStopped(process, ref)));
    } finally {
      await signal('CONT');
    }
  }

  async #find(ref: ProcessRef): Promise<Process[]> {
    const nodes = this.#nodes.filter(({ name }) => ref.node === undefined || name === ref.node);
    const found = ref.role === 'kubelet' ? await Promise.all(nodes.map(findKubelet)) : await this.#findPods(ref, nodes);
    if (found.length === 0) {
      throw new Error(`there is no process of role ${ref.role}${ref.node === undefined ? '' : ` on ${ref.node}`}`);
    }
    return found;
  }

  async #findPods({ role }: ProcessRef, nodes: readonly StartedNode[]): Promise<Process[]> {
    const where =
      role === 'apiserver'
        ? { namespace: SYSTEM_NAMESPACE, labelSelector: 'component=kube-apiserver' }
        : { namespace: this.#namespace, labelSelector: `app.kubernetes.io/component=${role}` };
    const { items } = await this.#store.list('Pod', where);
    const found = await Promise.all(
      items.map(async (pod): Promise<Process[]> => {
        const node = nodes.find(({ name }) => name === pod.spec?.nodeName);
        const container = runningContainer(pod);
        if (!node || container === undefined) return [];
        const pid = (await runningContainers(node)).get(container);
        // Ended since the API was told of it.
        return pid === undefined ? [] : [{ node, pid, identity: container }];
      }),
    );
    return found.flat();
  }
}

/** The runtime's name of a pod's one container; undefined while it does not run. */
function runningContainer({ status }: Pod): string | undefined {
  const statuses = (
    status as { containerStatuses?: { containerID?: string; state?: { running?: object } }[] } | undefined
  )?.containerStatuses;
  const [first] = statuses ?? [];
  return first?.state?.running === undefined ? undefined : first.containerID?.replace(/^containerd:\/\//, '');
}

async function findKubelet(node: StartedNode): Promise<Process> {
  const pid = (await must(node.exec(['systemctl', 'show', '--property', 'MainPID', '--value', 'kubelet']))).trim();
  return { node, pid, identity: `${node.name} ${pid}` };
}

async function checkStopped({ node, pid }: Process, { role }: ProcessRef): Promise<void> {
  const { stdout } = await node.exec(['sed', '-n', 's/^State:\\t\\(.\\).*/\\1/p', `/proc/${pid}/status`]);
  if (stdout.trim() !== 'T') throw new Error(`${role} on ${node.name} did not stay silent: the kubelet restarted it`);
}
