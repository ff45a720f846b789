import type { StartedKindCluster, StartedNode } from '@margay/kind-node';
import { GenericContainer, getContainerRuntimeClient, type StartedTestContainer, Wait } from 'testcontainers';
import { must } from '../cluster/must.ts';
import { FABRIC, type NodePlace, networksBehindRouter, placeNodes } from './plan.ts';
import type { PodRoute } from './pod-routes.ts';

/** Every container and network of a test's cluster carries it, with the cluster's name. */
export const CLUSTER_LABEL = 'dev.margay.e2e';

/** kind's own label of a cluster's nodes. */
const KIND_LABEL = 'io.x-k8s.kind.cluster';

/** Marks the routes to pods in the router: a number that nobody else uses there. */
const POD_ROUTE_PROTOCOL = '78';

/**
 * Loose reverse-path filtering, as hosts with two networks need it (RFC 3704): where pods are not hidden behind their
 * node's address, their packets to the API leave by the management network, and the answers come by the fabric.
 */
const LOOSE_SOURCES = 'net.ipv4.conf.all.rp_filter=2';

/** The networks around a cluster's nodes, and who lives in them. Disposing takes all of it away. */
export class Fabric implements AsyncDisposable {
  readonly places: readonly NodePlace[];
  readonly #nodes: readonly StartedNode[];
  readonly #cluster: string;
  readonly #router: StartedTestContainer;
  #kept = false;

  private constructor(cluster: StartedKindCluster, places: readonly NodePlace[], router: StartedTestContainer) {
    this.#cluster = cluster.name;
    this.#nodes = cluster.nodes();
    this.places = places;
    this.#router = router;
  }

  /** Joins the nodes to networks of their own, with a router between and a witness beyond. */
  static async start(cluster: StartedKindCluster, image: string): Promise<Fabric> {
    const { name } = cluster;
    const nodes = cluster.nodes();
    const places = placeNodes(nodes.map((node) => node.name));
    try {
      for (const { name: rack, cidr } of FABRIC.racks) await createNetwork(name, rack, cidr);
      await createNetwork(name, 'outside', FABRIC.outside.cidr);
      const [router] = await Promise.all([startRouter(name, image), startWitness(name, image)]);
      await Promise.all(places.map((place) => joinNode(name, nodeNamed(nodes, place.node), place)));
      return new Fabric(cluster, places, router);
    } catch (error) {
      await removeFabric(name);
      throw error;
    }
  }

  /** Makes the router's routes to pods exactly these. */
  async setPodRoutes(routes: readonly PodRoute[]): Promise<void> {
    const wanted = new Set(routes.map(({ destination }) => destination));
    const shown = await must(this.#router.exec(['ip', '-4', 'route', 'show', 'proto', POD_ROUTE_PROTOCOL]));
    const stale = shown.split('\n').flatMap((line) => {
      const destination = line.split(' ')[0] ?? '';
      return destination === '' || wanted.has(destination) ? [] : [destination];
    });
    for (const destination of stale) {
      await must(this.#router.exec(['ip', 'route', 'del', destination, 'proto', POD_ROUTE_PROTOCOL]));
    }
    for (const { destination, gateway } of routes) {
      const route = [destination, 'via', gateway, 'proto', POD_ROUTE_PROTOCOL];
      await must(this.#router.exec(['ip', 'route', 'replace', ...route]));
    }
  }

  /** Gives a node the settings that its machine would have on disk: they go with a restart, or with its link. */
  async configureNode(node: string): Promise<void> {
    const place = this.places.find((each) => each.node === node);
    if (!place) throw new Error(`there is no node ${node}`);
    await configureNode(nodeNamed(this.#nodes, node), place);
  }

  /** What the router forwards by, for people. */
  async describe(): Promise<string> {
    return await must(this.#router.exec(['ip', 'route']));
  }

  keep(): void {
    this.#kept = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#kept) await removeFabric(this.#cluster);
  }
}

export function networkName(cluster: string, network: string): string {
  return `${cluster}-${network}`;
}

/** Takes away the networks and containers of a cluster that is gone or goes, nodes excepted. What is not there is fine. */
export async function removeFabric(cluster: string): Promise<void> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const filters = { label: [`${CLUSTER_LABEL}=${cluster}`] };
  for (const { Id } of await dockerode.listContainers({ all: true, filters })) {
    await dockerode.getContainer(Id).remove({ force: true });
  }
  for (const { Id } of await dockerode.listNetworks({ filters })) {
    const network = dockerode.getNetwork(Id);
    const { Containers } = (await network.inspect()) as { Containers?: Record<string, unknown> };
    // The nodes are in it still: they end after the fabric.
    for (const id of Object.keys(Containers ?? {})) await network.disconnect({ Container: id, Force: true });
    await network.remove();
  }
}

/** Takes away what is left of clusters, of any mode, whose nodes are gone: their ranges would be taken for the next one. */
export async function removeOrphanedFabrics(): Promise<void> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const filters = { label: [CLUSTER_LABEL] };
  const labelled = [
    ...(await dockerode.listContainers({ all: true, filters })),
    ...(await dockerode.listNetworks({ filters })),
  ];
  const clusters = new Set(labelled.flatMap(({ Labels }) => Labels?.[CLUSTER_LABEL] ?? []));
  for (const cluster of clusters) {
    const nodes = await dockerode.listContainers({ all: true, filters: { label: [`${KIND_LABEL}=${cluster}`] } });
    if (nodes.length === 0) await removeFabric(cluster);
  }
}

/** @throws Error that names the remedy when the range is taken. */
async function createNetwork(cluster: string, network: string, cidr: string): Promise<void> {
  const client = await getContainerRuntimeClient();
  try {
    await client.network.create({
      Name: networkName(cluster, network),
      Labels: { [CLUSTER_LABEL]: cluster },
      IPAM: { Driver: 'default', Config: [{ Subnet: cidr }] },
      // A plain wire: the machine around it changes no address.
      Options: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (!/overlap/i.test(reason)) throw error;
    const remedy = `another run, or a cluster that --keep left, has it: docker network ls --filter label=${CLUSTER_LABEL}`;
    throw new Error(`the range ${cidr} is taken: ${remedy}`, { cause: error });
  }
}

async function startRouter(cluster: string, image: string): Promise<StartedTestContainer> {
  const container = await new GenericContainer(image)
    .withName(`${cluster}-router`)
    .withLabels({ [CLUSTER_LABEL]: cluster })
    .withPrivilegedMode()
    .start();
  for (const { name, router } of FABRIC.racks) await connect(cluster, name, container.getId(), router);
  await connect(cluster, 'outside', container.getId(), FABRIC.outside.router);
  await must(container.exec(['sysctl', '-w', 'net.ipv4.ip_forward=1', LOOSE_SOURCES]));
  return container;
}

async function startWitness(cluster: string, image: string): Promise<void> {
  const { port, router, witness } = FABRIC.outside;
  const container = await new GenericContainer(image)
    .withName(`${cluster}-witness`)
    .withLabels({ [CLUSTER_LABEL]: cluster })
    .withPrivilegedMode()
    .withCommand(['node', '/opt/margay-e2e/witness.ts', String(port)])
    .withWaitStrategy(Wait.forLogMessage(/listening tcp/))
    .start();
  await connect(cluster, 'outside', container.getId(), witness);
  await must(container.exec(['ip', 'route', 'replace', 'default', 'via', router]));
}

async function joinNode(cluster: string, node: StartedNode, place: NodePlace): Promise<void> {
  await node.connect(networkName(cluster, place.rack.name), { ip: place.address });
  await configureNode(node, place);
}

async function configureNode(node: StartedNode, place: NodePlace): Promise<void> {
  await must(node.exec(['sysctl', '-w', LOOSE_SOURCES]));
  for (const cidr of networksBehindRouter(place)) {
    await must(node.exec(['ip', 'route', 'replace', cidr, 'via', place.rack.router]));
  }
}

async function connect(cluster: string, network: string, container: string, address: string): Promise<void> {
  const client = await getContainerRuntimeClient();
  await client.network.getById(networkName(cluster, network)).connect({
    Container: container,
    EndpointConfig: { IPAMConfig: { IPv4Address: address } },
  });
}

function nodeNamed(nodes: readonly StartedNode[], name: string): StartedNode {
  const found = nodes.find((node) => node.name === name);
  if (!found) throw new Error(`there is no node ${name}`);
  return found;
}
