import { type CniReply, type CniRequest, SUPPORTED_CNI_VERSIONS } from '@margay/cni-plugin';
import type { Clock, Logger } from '@margay/ports';
import type { EndpointRecord } from '../endpoints/endpoint-record.ts';
import type { PodNetwork } from '../pods/pod-network.ts';
import type { PodUids } from '../pods/pod-uids.ts';
import { type CheckParts, checkPod } from './check-pod.ts';
import { CNI_CODE, CniError, reasonOf } from './cni-error.ts';
import { type CniCommand, type CniEnvironment, readEnvironment } from './environment.ts';
import { type NetworkConfiguration, readNetworkConfiguration, versionForErrors } from './network-configuration.ts';
import { podIdentityOf, podNameOf } from './pod-identity.ts';
import { addResult, print } from './result.ts';

export interface CniHandlerOptions {
  readonly pods: PodNetwork;
  readonly check: CheckParts;
  readonly uids: Pick<PodUids, 'resolve'>;
  /** True when the path is the network namespace of the node itself. */
  readonly isNodeNamespace: (path: string) => boolean;
  /** Why pods cannot be connected now; undefined when they can. */
  readonly notReady: () => string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onCommand?: (command: CniCommand, outcome: { readonly seconds: number; readonly code: number }) => void;
}

export type CniHandler = (request: CniRequest, signal: AbortSignal) => Promise<CniReply>;

/** Answers the plugin's calls as the CNI specification 1.1.0 has it. Never rejects: failures are answers. */
export function createCniHandler(options: CniHandlerOptions): CniHandler {
  const { clock, logger } = options;
  return async (request, signal) => {
    const startedMs = clock.monotonicMs();
    let command: CniCommand | undefined;
    let code = 0;
    try {
      const environment = readEnvironment(request.environment);
      command = environment.command;
      return { exitCode: 0, stdout: await run(environment, request.stdin, { ...options, signal }) };
    } catch (error) {
      const failure =
        error instanceof CniError ? error : new CniError(CNI_CODE.internal, reasonOf(error), { cause: error });
      ({ code } = failure);
      logger.warn({ command, code, containerId: request.environment.CNI_CONTAINERID }, failure.message);
      return { exitCode: 1, stdout: printError(failure, request.stdin) };
    } finally {
      const seconds = (clock.monotonicMs() - startedMs) / 1_000;
      if (command) options.onCommand?.(command, { seconds, code });
    }
  };
}

type Context = CniHandlerOptions & { readonly signal: AbortSignal };

async function run(environment: CniEnvironment, stdin: string, context: Context): Promise<string> {
  const { command } = environment;
  if (command === 'VERSION') {
    return print({ cniVersion: versionForErrors(stdin) ?? '1.1.0', supportedVersions: SUPPORTED_CNI_VERSIONS });
  }
  const config = readNetworkConfiguration(stdin, command);
  switch (command) {
    case 'ADD':
      return addResult(linkOf(await add(environment, config, context)), config);
    case 'DEL': {
      refuseNodeNamespace(environment, context);
      const pod = podNameOf(environment);
      await context.pods.remove({ containerId: environment.containerId, ...(pod && { pod }) });
      return '';
    }
    case 'CHECK':
      await checkPod(environment, config, context.check);
      return '';
    case 'GC':
      await collect(config, context);
      return '';
    case 'STATUS': {
      const reason = context.notReady();
      if (reason !== undefined) throw new CniError(CNI_CODE.notAvailable, reason);
      return '';
    }
  }
}

async function add(
  environment: CniEnvironment,
  config: NetworkConfiguration,
  context: Context,
): Promise<EndpointRecord> {
  refuseNodeNamespace(environment, context);
  const identity = podIdentityOf(environment);
  const uid = await context.uids.resolve(identity);
  const { containerId, ifname, netns } = environment;
  return context.pods.add({ network: config.name, ...identity, uid, containerId, ifname, netns }, context.signal);
}

function refuseNodeNamespace({ netns }: CniEnvironment, { isNodeNamespace }: Context): void {
  if (netns === '' || !isNodeNamespace(netns)) return;
  throw new CniError(CNI_CODE.invalidNamespace, "plugin's netns and netns from CNI_NETNS should not be the same");
}

/**
 * GC: removes what this network has on this node and the list does not name.
 * Without a list nothing is removed: it would be everything. Every one is
 * tried.
 *
 * @throws {CniError} 11: the failures, joined
 */
async function collect({ name, validAttachments }: NetworkConfiguration, { pods, check }: Context): Promise<void> {
  if (!validAttachments) return;
  const valid = new Set(validAttachments.map(({ containerID, ifname }) => `${containerID}/${ifname}`));
  const stale = check.endpoints
    .all()
    .filter(({ network, containerId, ifname }) => network === name && !valid.has(`${containerId}/${ifname}`));
  const results = await Promise.allSettled(
    stale.map((record) => pods.remove({ containerId: record.containerId, pod: record })),
  );
  const failures = results.filter((result) => result.status === 'rejected').map(({ reason }) => reasonOf(reason));
  if (failures.length > 0) throw new CniError(CNI_CODE.tryAgainLater, failures.join('; '));
}

function linkOf(record: EndpointRecord): Parameters<typeof addResult>[0] {
  return { ...record, hostDevice: record.device };
}

function printError({ code, message, details }: CniError, stdin: string): string {
  const cniVersion = versionForErrors(stdin);
  return print({ ...(cniVersion !== undefined && { cniVersion }), code, msg: message, ...(details && { details }) });
}
