import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { createThinStore } from '@margay/kube';
import {
  addHealth,
  createGrpcServer,
  createLogger,
  helpText,
  LOG_LEVELS,
  type LogLevel,
  listen,
  OptionError,
  type OptionSpecs,
  parseOptions,
  shutdownServer,
  systemClock,
} from '@margay/runtime';
import { addService } from '@margay/wire';
import { createKubelet } from './create-kubelet.ts';
import { GRPC_STATUS } from './server/kubelet-service.ts';

const OPTIONS = {
  'node-name': { help: 'Name of the Node to register.', value: 'NAME' },
  'node-ip': { help: 'IPv4 address of the node.', value: 'ADDRESS' },
  kubeconfig: { help: 'How to reach the API.', value: 'FILE' },
  socket: { help: 'Unix socket to serve gRPC on, for its user alone.', value: 'FILE' },
  'cni-conf-dir': { help: 'Where the network configuration is.', value: 'DIR', default: '/etc/cni/net.d' },
  'cni-bin-dir': { help: 'Where plugins are, several with colons between.', value: 'DIR', default: '/opt/cni/bin' },
  'netns-dir': { help: 'Where pod namespaces are mounted.', value: 'DIR', default: '/var/run/netns' },
  'state-dir': { help: 'What must survive a restart.', value: 'DIR', default: '/var/lib/kubelet-sim' },
  'log-level': { help: 'How much to log.', value: 'LEVEL', default: 'info', choices: LOG_LEVELS },
} as const satisfies OptionSpecs;

function readOptions(): ReturnType<typeof parseOptions<typeof OPTIONS>> {
  const argv = process.argv.slice(2);
  if (argv.includes('--help')) {
    process.stdout.write(helpText('kubelet', 'The simulated kubelet of one node.', OPTIONS));
    process.exit(0);
  }
  try {
    return parseOptions(OPTIONS, { argv, env: process.env });
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  const logger = createLogger({ name: 'kubelet', level: options.logLevel as LogLevel }).child({
    node: options.nodeName,
  });
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stop.abort());

  const kubelet = createKubelet({
    store: createThinStore({ kubeconfig: options.kubeconfig }),
    clock: systemClock,
    logger,
    nodeName: options.nodeName,
    nodeAddress: options.nodeIp,
    cniConfDir: options.cniConfDir,
    cniBinDirs: options.cniBinDir.split(':'),
    netnsDir: options.netnsDir,
    stateDir: options.stateDir,
  });
  const server = createGrpcServer();
  const health = addHealth(server);
  addService(server, 'margay.sim.v1.Kubelet', kubelet.service, { errors: GRPC_STATUS });
  await listenPrivately(options.socket, () => listen(server, `unix:${options.socket}`));
  logger.info({ socket: options.socket }, 'Started');
  void kubelet.synced.then(() => health.setReady(true));

  await kubelet.run(stop.signal);
  await shutdownServer(server);
  logger.info({}, 'Stopped');
}

/** The socket is its user's alone from its first moment on. */
async function listenPrivately(path: string, start: () => Promise<unknown>): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  const umask = process.umask(0o177);
  try {
    await start();
  } finally {
    process.umask(umask);
  }
  chmodSync(path, 0o600);
}

try {
  await main();
  process.exit(0);
} catch (error) {
  process.stderr.write(`kubelet: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(3);
}
