import { type CniServer, startCniServer } from '@margay/cni-plugin';
import type { Logger, PodLinks } from '@margay/ports';
import { CNI_CODE, CniError, reasonOf } from '../cni/cni-error.ts';
import { readEnvironment } from '../cni/environment.ts';
import { podNameOf } from '../cni/pod-identity.ts';
import { print } from '../cni/result.ts';
import { podDevice } from '../endpoints/endpoint-record.ts';
import type { EndpointStore } from '../endpoints/endpoint-store.ts';

export interface DeletionParts {
  readonly socketPath: string;
  readonly endpoints: EndpointStore;
  readonly podLinks: Pick<PodLinks, 'remove'>;
  readonly logger: Logger;
}

/**
 * Answers the plugin in the agent's place while the last pods of a node go:
 * without an answer to DEL the kubelet could not end them. Their addresses
 * need no freeing, since there is no IPAM any more. All else is refused.
 */
export function serveDeletions(parts: DeletionParts): Promise<CniServer> {
  const { socketPath, logger } = parts;
  return startCniServer({
    socketPath,
    async handle({ environment }) {
      try {
        const call = readEnvironment(environment);
        if (call.command !== 'DEL') {
          const code = call.command === 'STATUS' ? CNI_CODE.notAvailable : CNI_CODE.tryAgainLater;
          throw new CniError(code, 'Margay is being uninstalled from this node');
        }
        const pod = podNameOf(call);
        await disconnect(call.containerId, pod && podDevice(pod.namespace, pod.pod), parts);
        return { exitCode: 0, stdout: '' };
      } catch (error) {
        const code = error instanceof CniError ? error.code : CNI_CODE.tryAgainLater;
        return { exitCode: 1, stdout: print({ code, msg: reasonOf(error) }) };
      }
    },
    onError: (error) => logger.error({ reason: String(error) }, 'a CNI call failed'),
  });
}

/** A newer container of the same pod has the device in its own record, and keeps it. */
async function disconnect(
  containerId: string,
  device: string | undefined,
  { endpoints, podLinks }: DeletionParts,
): Promise<void> {
  const record = endpoints.get(containerId);
  if (record) {
    await podLinks.remove(record.device);
    endpoints.remove(containerId);
    await endpoints.flush();
  } else if (device !== undefined && !endpoints.byDevice(device)) {
    await podLinks.remove(device);
  }
}
