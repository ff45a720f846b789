import { renameSync } from 'node:fs';
import { openRouteSocket } from '@margay/kernel-linux';
import { createThinStore } from '@margay/kube';
import type { Logger } from '@margay/ports';
import { createGrpcServer, createLogger, listen, shutdownServer, systemClock } from '@margay/runtime';
import { addService, type simV1 } from '@margay/wire';
import { createTopologyObjects } from '../bootstrap/bootstrap.ts';
import { ApiClient } from '../cluster/api-client.ts';
import { type ClusterView, createClusterView, podKey } from '../cluster/cluster-view.ts';
import { Kubelets } from '../cluster/kubelets.ts';
import { Places } from '../control/places.ts';
import { Probes } from '../control/probes.ts';
import { simulatorService } from '../control/simulator-service.ts';
import { nodeStatuses, processStatuses } from '../control/status.ts';
import { planFabric } from '../fabrics/bare-metal/plan.ts';
import { FabricKeeper } from '../fabrics/keeper.ts';
import { runPodRoutes } from '../fabrics/pod-routes.ts';
import { startWitness } from '../fabrics/witness.ts';
import type { StatePaths } from '../launcher/paths.ts';
import { type LaunchPlan, readPlan } from '../launcher/plan-file.ts';
import { runNodeHealth } from '../machines/node-health.ts';
import { followNodes, type NodeLifecycle } from '../machines/node-lifecycle.ts';
import { NodeMachines } from '../machines/node-machines.ts';
import { API_PORT, fabricKubeconfig, pkiPaths, readToken, SIMULATOR } from '../pki/credentials.ts';
import { awaitStart } from '../readiness/start.ts';
import { StartLog } from '../readiness/start-log.ts';
import { waitingFor } from '../readiness/waiting-for.ts';
import { runScheduler } from '../scheduler/scheduler.ts';
import { awaitListening } from '../supervisor/await-listening.ts';
import { boundLogs } from '../supervisor/bound-logs.ts';
import { apiServerProcess, CENTRAL_ADDRESS, serviceProcesses } from '../supervisor/central-processes.ts';
import { processStarter } from '../supervisor/start-process.ts';
import { Supervisor } from '../supervisor/supervisor.ts';
import { isOwnChild } from './children.ts';
import { cleanEnvironment, compileCacheDirectory } from './environment.ts';
import { HostPids } from './host-pids.ts';
import { tieToLauncher } from './launcher-tie.ts';
import { reapOrphans } from './orphans.ts';

/** After this the agents start in any case; they keep trying by themselves. */
const SERVICES_PATIENCE_MS = 10_000;

/**
 * The whole life of a simulation, once its mounts are there: fabric and
 * processes first, since they start beside everything else here; then the
 * socket; then the cluster. Resolves when it was told to end.
 */
export async function runSimulation(paths: StatePaths): Promise<void> {
  const launcher = tieToLauncher();
  const logger = createLogger({ name: 'sim' });
  const stop = new AbortController();
  const { signal } = stop;
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stop.abort());
  using _orphans = reapOrphans(isOwnChild);
  using _logs = boundLogs(paths.logs);

  const plan = await readPlan(paths.plan);
  const env = { ...cleanEnvironment(process.env), NODE_COMPILE_CACHE: compileCacheDirectory() };
  const changes = new Set<() => void>();
  const supervisor = new Supervisor({
    start: processStarter({ logs: paths.logs, env }),
    clock: systemClock,
    logger,
    onChange: () => {
      for (const listener of changes) listener();
    },
  });
  raiseLoopback();
  supervisor.add(apiServerProcess(paths));
  const fabric = new FabricKeeper({ logger });
  fabric.add(planFabric(plan.topology));
  using _witness = startWitness(logger);
  for (const process of serviceProcesses(paths)) supervisor.add(process);

  const kubelets = new Kubelets();
  const servicesAnswer = awaitListening([CENTRAL_ADDRESS.ipam, CENTRAL_ADDRESS.fanout], {
    clock: systemClock,
    atMostMs: SERVICES_PATIENCE_MS,
  });
  const machines = new NodeMachines({ paths, supervisor, kubelets, fabric, topology: plan.topology, servicesAnswer });
  const cluster = startCluster({ paths, plan, machines, fabric, logger, signal });
  const startLog = new StartLog();
  const state = new SimulationState({ paths, plan, supervisor, machines, cluster });

  const server = createGrpcServer();
  const { view } = cluster;
  addService(
    server,
    'margay.sim.v1.Simulator',
    simulatorService({
      status: () => state.status(),
      startLog,
      probes: new Probes({ view, kubelets }),
      places: new Places({ machines, view, kubelets }),
      env,
      shutdown: () => setImmediate(() => stop.abort()),
    }),
    { onError: (error, method) => logger.info({ method, reason: String(error) }, 'A call failed') },
  );
  await listenPrivately(() => listen(server, `unix:${paths.socket}.new`));
  // Under its name it can be connected to from the first moment on.
  renameSync(`${paths.socket}.new`, paths.socket);

  const started = (async (): Promise<void> => {
    await addNodes(plan, machines);
    await awaitStart({
      view,
      kubelets,
      waitingFor: () => state.waitingFor(),
      onChange: (listener) => {
        changes.add(listener);
        view.onChange(listener);
      },
      podCount: plan.topology.pods.length,
      log: startLog,
      clock: systemClock,
      logger,
      signal,
    });
    state.markVerified();
    // From here on it lives by itself.
    launcher[Symbol.dispose]();
    startLog.add({ ready: state.status() });
  })();
  started.catch((error: unknown) => {
    if (signal.aborted) return;
    const reason = error instanceof Error ? error.message : String(error);
    logger.error({ reason }, 'The start failed');
    startLog.add({ failed: reason });
  });

  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  logger.info({}, 'Ending the simulation');
  await supervisor.removeAll();
  await shutdownServer(server, 500);
}

interface Cluster {
  readonly view: ClusterView;
  readonly lifecycle: NodeLifecycle;
}

/** Everything here that talks with the API server; each part keeps trying by itself. */
function startCluster(options: {
  readonly paths: StatePaths;
  readonly plan: LaunchPlan;
  readonly machines: NodeMachines;
  readonly fabric: FabricKeeper;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}): Cluster {
  const { paths, plan, machines, fabric, logger, signal } = options;
  const clock = systemClock;
  const kubeconfig = fabricKubeconfig(paths, SIMULATOR);
  const store = createThinStore({ kubeconfig });
  const view = createClusterView({ store, clock, logger });
  const common = { view, clock, logger, signal };
  const api = new ApiClient({
    server: `https://127.0.0.1:${API_PORT}`,
    caPath: pkiPaths(paths).ca,
    token: readToken(paths, SIMULATOR),
  });
  const lifecycle = followNodes({ ...common, machines, store });
  const work = [
    view.run(signal),
    lifecycle.done,
    runNodeHealth({ nodes: () => view.nodes.list(), store, clock, logger, signal }),
    runScheduler({ ...common, api }),
    fabric.run({ clock, signal }),
    runPodRoutes({ ...common, fabric, topology: () => machines.topology() }),
    createTopologyObjects({ store, topology: plan.topology, clock, signal }),
  ];
  for (const part of work) {
    part.catch((error: unknown) => {
      if (!signal.aborted) logger.error({ reason: String(error) }, 'A part of the simulator failed');
    });
  }
  return { view, lifecycle };
}

async function addNodes(plan: LaunchPlan, machines: NodeMachines): Promise<void> {
  const queue = [...plan.topology.nodes];
  // Few at a time: each takes a shell with a dozen mounts, and the first nodes should start soon.
  const worker = async (): Promise<void> => {
    for (let node = queue.shift(); node !== undefined; node = queue.shift()) await machines.add(node);
  };
  await Promise.all(Array.from({ length: 4 }, worker));
}

/** What `status` tells and the start waits for. */
class SimulationState {
  readonly #paths: StatePaths;
  readonly #plan: LaunchPlan;
  readonly #supervisor: Supervisor;
  readonly #machines: NodeMachines;
  readonly #cluster: Cluster;
  readonly #hostPids = new HostPids();
  #secondsToReady = 0;

  constructor(options: {
    readonly paths: StatePaths;
    readonly plan: LaunchPlan;
    readonly supervisor: Supervisor;
    readonly machines: NodeMachines;
    readonly cluster: Cluster;
  }) {
    this.#paths = options.paths;
    this.#plan = options.plan;
    this.#supervisor = options.supervisor;
    this.#machines = options.machines;
    this.#cluster = options.cluster;
  }

  markVerified(): void {
    this.#secondsToReady = (Date.now() - this.#plan.startedAtMs) / 1000;
  }

  waitingFor(): string[] {
    const { view, lifecycle } = this.#cluster;
    const verified = this.#secondsToReady > 0;
    const pods = view.pods.list();
    const present = new Set(pods.map(podKey));
    const asked = verified ? [] : this.#plan.topology.pods.map(({ namespace, name }) => `${namespace}/${name}`);
    const expected = verified ? this.#machines.topology().nodes : this.#plan.topology.nodes;
    const reasons = waitingFor({
      apiAnswers: view.pods.hasSynced && view.nodes.hasSynced,
      expectedNodes: expected.map(({ name }) => name),
      missingPods: asked.filter((name) => !present.has(name)),
      nodes: view.nodes.list(),
      pods,
      processes: this.#supervisor.list(),
    });
    return [...reasons, ...lifecycle.refusals()];
  }

  status(): simV1.StatusInput {
    const reasons = this.waitingFor();
    const verified = this.#secondsToReady > 0;
    const { name, topology } = this.#plan;
    return {
      name,
      ready: verified && reasons.length === 0,
      mode: topology.mode,
      profile: topology.profile,
      kubeconfig: this.#paths.kubeconfig,
      secondsToReady: this.#secondsToReady,
      nodes: nodeStatuses(this.#cluster.view, this.#machines),
      processes: processStatuses(this.#supervisor, this.#hostPids),
      waitingFor: verified || reasons.length > 0 ? reasons : ['The connections are being verified.'],
    };
  }
}

/** A new network namespace has its loopback down. */
function raiseLoopback(): void {
  using socket = openRouteSocket();
  socket.setUp('lo');
}

/** The socket is its user's alone from its first moment: what can be asked of it runs as root. */
async function listenPrivately(start: () => Promise<unknown>): Promise<void> {
  const umask = process.umask(0o177);
  try {
    await start();
  } finally {
    process.umask(umask);
  }
}
