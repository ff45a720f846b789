import { parseRevision, tooLarge } from '../registry/list.ts';
import type { ServerContext } from './exchange.ts';

/**
 * Waits until the server has the version that a read asks for at least.
 * kube-apiserver gives it 3 s, too.
 *
 * @throws {ApiError} 400: not a version; 504: it did not come
 */
export async function awaitVersion(context: ServerContext, resourceVersion: string): Promise<void> {
  const { store, hub, openWatches, versionWaitMs } = context;
  if (resourceVersion === '' || resourceVersion === '0') return;
  const revision = parseRevision(resourceVersion);
  if (revision <= store.revision) return;
  const over = new AbortController();
  const end = (): void => over.abort();
  const timer = setTimeout(end, versionWaitMs);
  // A server that stops does not wait.
  openWatches.add(end);
  await hub.untilRevision(revision, over.signal);
  clearTimeout(timer);
  openWatches.delete(end);
  if (revision > store.revision) throw tooLarge(revision, store.revision);
}
