import type { Transport } from '@margay/kube';
import type { Pod } from '@margay/model';

/** The container that cleans a node. */
const CONTAINER = 'uninstall';
const LINES = 3;
const TIMEOUT_MS = 10_000;

/** The last lines of the container that cleans the node of this pod. @throws {Error} there is no log, or no answer */
export async function readPodLog(transport: Transport, { metadata }: Pod): Promise<string> {
  const { namespace = '', name } = metadata;
  const pod = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
  const path = `${pod}/log?container=${CONTAINER}&tailLines=${LINES}`;
  const response = await transport.send({
    method: 'GET',
    path,
    accept: '*/*',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`GET ${path}: ${response.status}: ${text}`);
  return text;
}
