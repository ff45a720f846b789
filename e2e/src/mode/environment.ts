import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KindCluster, type StartedKindCluster } from '@margay/kind-node';
import { createThinStore } from '@margay/kube';
import type { Logger, ResourceStore } from '@margay/ports';
import { eventually, pod } from '@margay/sim/scenarios';
import { Kubectl } from '../cluster/kubectl.ts';
import { RealCluster } from '../cluster/real-cluster.ts';
import { SpareNode } from '../cluster/spare-node.ts';
import { NodeTools } from '../cluster/tools.ts';
import { Fabric, removeOrphanedFabrics } from '../fabric/fabric.ts';
import { POD_CIDR } from '../fabric/plan.ts';
import { followPodRoutes, type PodRoute } from '../fabric/pod-routes.ts';
import type { Mode } from '../options.ts';
import { MARGAY_IMAGES, TOOLS_IMAGE } from './images.ts';
import { installMargay, MARGAY_NAMESPACE } from './install.ts';

/** Pods that every node has from the start, for claims on all pods. */
const PODS_PER_NODE = 2;

export interface EnvironmentOptions {
  readonly mode: Mode;
  readonly nodeImage: string;
  readonly signal: AbortSignal;
  /** One short line of progress for people. */
  readonly say: (line: string) => void;
}

/** A cluster with its fabric, its programs and its kubeconfig. Disposing takes all of it away, unless it is kept. */
export class Environment implements AsyncDisposable {
  readonly kind: StartedKindCluster;
  readonly fabric: Fabric;
  readonly cluster: RealCluster;
  readonly kubectl: Kubectl;
  readonly kubeconfig: string;
  readonly #store: ResourceStore;
  readonly #resources: AsyncDisposableStack;

  private constructor(parts: {
    kind: StartedKindCluster;
    fabric: Fabric;
    cluster: RealCluster;
    kubectl: Kubectl;
    kubeconfig: string;
    store: ResourceStore;
    resources: AsyncDisposableStack;
  }) {
    this.kind = parts.kind;
    this.fabric = parts.fabric;
    this.cluster = parts.cluster;
    this.kubectl = parts.kubectl;
    this.kubeconfig = parts.kubeconfig;
    this.#store = parts.store;
    this.#resources = parts.resources;
  }

  /** Nodes, fabric and programs; nothing of Margay yet, so the nodes are not Ready. */
  static async start({ mode, nodeImage, signal, say }: EnvironmentOptions): Promise<Environment> {
    const name = clusterName(mode);
    await KindCluster.reapAbandoned();
    await removeOrphanedFabrics();
    await using resources = new AsyncDisposableStack();
    const kind = resources.use(await startKind(name, { nodeImage, signal, say }));
    const fabric = resources.use(await Fabric.start(kind, TOOLS_IMAGE));
    say('the fabric is joined to the nodes');
    signal.throwIfAborted();
    await kind.loadImages([...MARGAY_IMAGES.names, TOOLS_IMAGE], { signal });
    say('the images are in the nodes');

    const folder = await mkdtemp(join(tmpdir(), `${name}-`));
    resources.defer(() => rm(folder, { recursive: true, force: true }));
    const kubeconfig = join(folder, 'kubeconfig');
    await kind.writeKubeconfig(kubeconfig);
    const kubectl = new Kubectl(kubeconfig, signal);
    const store = createThinStore({ kubeconfig });
    const tools = new Map(
      await Promise.all(
        kind.nodes().map(async ({ name: node }) => {
          return [node, await NodeTools.start({ cluster: name, node, image: TOOLS_IMAGE })] as const;
        }),
      ),
    );
    const spare = spareNode({ kind, fabric, tools, store });
    await spare.switchOff();
    say(`${spare.name} is switched off until a scenario needs it`);
    const cluster = new RealCluster({
      cluster: kind,
      tools,
      places: fabric.places.filter(({ node }) => node !== spare.name),
      spare,
      configureNode: (node) => fabric.configureNode(node),
      store,
      kubectl,
      namespace: MARGAY_NAMESPACE,
      image: TOOLS_IMAGE,
    });

    return new Environment({ kind, fabric, cluster, kubectl, kubeconfig, store, resources: resources.move() });
  }

  /** Margay, and the pods that the scenarios expect. Answers the seconds from `helm install` to Ready. */
  async install({ mode, logger, signal }: { mode: Mode; logger: Logger; signal: AbortSignal }): Promise<number> {
    // kind keeps pods off its control plane; the simulator's nodes take them all.
    await this.kubectl
      .run(['taint', 'nodes', '--all', 'node-role.kubernetes.io/control-plane-'])
      .catch(() => undefined);
    const { kubectl, kubeconfig } = this;
    const seconds = await installMargay({
      mode,
      kubeconfig,
      kubectl,
      signal,
      onInstalled: () => this.#followPodRoutes(logger),
    });
    const nodes = await this.cluster.nodes();
    const pods = nodes.flatMap(({ name }, index) =>
      Array.from({ length: PODS_PER_NODE }, (_, at) => pod(`pod-${index + 1}-${at + 1}`, { node: name })),
    );
    await this.cluster.apply(pods.join(''));
    await kubectl.run(['wait', '--for=condition=Ready', 'pods', '--all', '-n', 'default', '--timeout=90s']);
    await eventually(async () => {
      const denied = await this.cluster.deniedPairs();
      return denied.length === 0 ? undefined : `pods do not reach one another: ${denied.slice(0, 3).join(', ')}`;
    });
    return seconds;
  }

  /** From now on the router knows the blocks of pools that are not encapsulated. */
  #followPodRoutes(logger: Logger): void {
    const ending = new AbortController();
    const { signal } = ending;
    const apply = (routes: readonly PodRoute[]): Promise<void> => this.fabric.setPodRoutes(routes);
    const followed = followPodRoutes({ store: this.#store, logger, apply, signal });
    this.#resources.defer(async () => {
      ending.abort();
      await followed;
    });
  }

  /** Leaves everything running, and answers what a user needs to know of it. */
  async keep(folder: string): Promise<string> {
    const { name } = this.kind;
    const path = join(folder, `${name}.kubeconfig`);
    await this.kind.writeKubeconfig(path);
    await this.kind.keep();
    this.fabric.keep();
    return [
      `The cluster ${name} stays. Use it:`,
      `  export KUBECONFIG=${path}`,
      '  kubectl get nodes -o wide',
      'Delete it:',
      `  docker rm -f $(docker ps -aq --filter label=dev.margay.e2e=${name})`,
      `  kind delete cluster --name ${name}`,
      `  docker network rm $(docker network ls -q --filter label=dev.margay.e2e=${name})`,
      `In direct mode the router learns no more blocks now: nobody follows them.`,
    ].join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

/** The last one: it stands in the second rack, beside another. */
function spareNode(parts: {
  readonly kind: StartedKindCluster;
  readonly fabric: Fabric;
  readonly tools: ReadonlyMap<string, NodeTools>;
  readonly store: ResourceStore;
}): SpareNode {
  const { kind, fabric, tools, store } = parts;
  const node = kind.nodes().at(-1);
  const place = fabric.places.find((each) => each.node === node?.name);
  const beside = tools.get(node?.name ?? '');
  if (!node || !place || !beside) throw new Error(`${kind.name} has no node to spare`);
  return new SpareNode({ node, place, tools: beside, store, configure: () => fabric.configureNode(node.name) });
}

export function clusterName(mode: Mode): string {
  return `margay-e2e-${mode}`;
}

async function startKind(
  name: string,
  options: { nodeImage: string; signal: AbortSignal; say: (line: string) => void },
): Promise<StartedKindCluster> {
  const { nodeImage, signal, say } = options;
  const description = new KindCluster({
    name,
    image: nodeImage,
    // The last one is to spare.
    nodes: [{ role: 'control-plane' }, { role: 'worker' }, { role: 'worker' }, { role: 'worker' }],
    networking: { disableDefaultCNI: true, podSubnet: POD_CIDR },
    // Scenarios kill the same process again and again: the kubelet's pause between its restarts stays short.
    featureGates: { KubeletCrashLoopBackOffMax: true },
    kubeadmConfigPatches: [
      { kind: 'KubeletConfiguration', crashLoopBackOff: { maxContainerRestartPeriod: '2s' } },
      {
        kind: 'ClusterConfiguration',
        controllerManager: {
          extraArgs: {
            // A silent node is told as such in seconds, and namespaces end without waiting for the client's own limit.
            'node-monitor-grace-period': '20s',
            'kube-api-qps': '100',
            'kube-api-burst': '200',
          },
        },
      },
    ],
  });
  return await description.start({
    signal,
    onProgress: ({ state, detail }) => {
      if (state !== 'begin') say(`kind: ${detail}${state === 'failed' ? ' FAILED' : ''}`);
    },
  });
}
