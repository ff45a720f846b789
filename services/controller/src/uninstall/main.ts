import { createThinStore, createThinTransport, KUBE_API_OPTIONS, type Transport } from '@margay/kube';
import { OptionError, systemClock } from '@margay/runtime';
import { DefinitionApi } from '../crds/definition-api.ts';
import { deleteDefinitions } from '../crds/install-definitions.ts';
import { CrdError, type Definition, readDefinitions } from '../crds/manifests.ts';
import { readTimeout, runOnce } from '../run-once.ts';
import { ApiObjects } from './api-objects.ts';
import { readPodLog } from './read-pod-log.ts';
import { removeOwnAccount } from './remove-account.ts';
import { waitForNodes } from './wait-for-nodes.ts';

// The program wait-for-uninstall of the control-plane image: the last hook of
// `helm uninstall`, which shows what it printed when it fails or is late.

const EXIT_CODES = { done: 0, late: 1, unknown: 3 } as const;

/** For the definitions to go, with their objects, milliseconds. */
const DELETE_KINDS_MS = 60_000;

const print = (text: string): void => void process.stdout.write(text);

await runOnce(
  {
    name: 'wait-for-uninstall',
    description: `Waits until every node is as it was before Margay, then deletes what made it so.

Ends with 0 when that is done, 1 when nodes are late (it says which, and why), 2 for wrong options,
3 when the Kubernetes API does not answer, or refuses.`,
    options: {
      namespace: { help: 'Where Margay was installed.', value: 'NAMESPACE' },
      kubeconfig: KUBE_API_OPTIONS.kubeconfig,
      'timeout-seconds': { help: 'How long to wait for the nodes.', value: 'SECONDS', default: '240' },
      'delete-crds': {
        help: 'A folder with the definitions of kinds that are deleted at the end, with all their objects; not given: none.',
        value: 'DIR',
        optional: true,
      },
    },
  },
  async ({ namespace, kubeconfig, timeoutSeconds, deleteCrds }) => {
    const timeoutMs = readTimeout(timeoutSeconds);
    const definitions = deleteCrds === undefined ? undefined : readFolder(deleteCrds);
    const transport = createThinTransport({ kubeconfig });
    const outcome = await waitForNodes({
      store: createThinStore({ kubeconfig }),
      readLog: (pod) => readPodLog(transport, pod),
      namespace,
      timeoutMs,
      removeAccount: () => removeOwnAccount(new ApiObjects(transport), namespace),
      deleteKinds: definitions && (() => deleteKinds(transport, definitions)),
      clock: systemClock,
      print,
    });
    return EXIT_CODES[outcome];
  },
);

function readFolder(folder: string): Definition[] {
  try {
    return readDefinitions(folder);
  } catch (error) {
    if (error instanceof CrdError) throw new OptionError(`--delete-crds: ${error.message}`);
    throw error;
  }
}

async function deleteKinds(transport: Transport, definitions: readonly Definition[]): Promise<void> {
  const signal = AbortSignal.timeout(DELETE_KINDS_MS);
  const api = new DefinitionApi({ transport, signal });
  let lastReason: string | undefined;
  const onRetry = (reason: string): void => {
    lastReason = reason;
  };
  try {
    await deleteDefinitions({
      api,
      definitions,
      clock: systemClock,
      signal,
      print: (line) => print(`${line}\n`),
      onRetry,
    });
  } catch (error) {
    if (signal.aborted && lastReason !== undefined) throw new Error(lastReason, { cause: error });
    throw error;
  }
}
