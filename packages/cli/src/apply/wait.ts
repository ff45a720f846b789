import type { ApiClient } from '../api/client.ts';
import { isMap, type JsonMap, objectPath, qualifiedName } from '../api/types.ts';
import type { Target } from '../manifests/check-manifests.ts';
import { note } from '../output/print.ts';
import { poll } from './poll.ts';

/** Waits for pods and nodes; returns what is not ready when the time is over, or can never be. */
export async function waitUntilReady(api: ApiClient, targets: readonly Target[], timeoutMs: number): Promise<string[]> {
  const open = new Map(targets.filter(isAwaited).map((target) => [target, 'not asked yet']));
  const total = open.size;
  const failed: string[] = [];
  await poll(async () => {
    for (const target of [...open.keys()]) {
      const state = stateOf(target, await api.find(objectPath(target.kind, target.namespace, target.name)));
      open.set(target, state.text);
      if (!state.isFinal) continue;
      open.delete(target);
      if (!state.isReady) failed.push(`${titleOf(target)}: ${state.text}`);
      note(`${titleOf(target)}: ${state.text} (${total - open.size} of ${total})`);
    }
    return open.size === 0;
  }, timeoutMs);
  return [...failed, ...[...open].map(([target, text]) => `${titleOf(target)}: ${text}`)];
}

function isAwaited({ kind }: Target): boolean {
  return kind.group === '' && (kind.kind === 'Pod' || kind.kind === 'Node');
}

function titleOf({ kind, name }: Target): string {
  return `${qualifiedName(kind)}/${name}`;
}

interface State {
  readonly text: string;
  readonly isFinal: boolean;
  readonly isReady: boolean;
}

function stateOf({ kind }: Target, object: JsonMap | undefined): State {
  if (object === undefined) return { text: 'was deleted', isFinal: true, isReady: false };
  const status = isMap(object.status) ? object.status : {};
  if (kind.kind === 'Node') {
    const conditions = Array.isArray(status.conditions) ? status.conditions.filter(isMap) : [];
    const isReady = conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
    return { text: isReady ? 'Ready' : 'not Ready', isFinal: isReady, isReady };
  }
  const phase = typeof status.phase === 'string' ? status.phase : 'Pending';
  const isReady = phase === 'Running' || phase === 'Succeeded';
  return { text: phase, isFinal: isReady || phase === 'Failed', isReady };
}
