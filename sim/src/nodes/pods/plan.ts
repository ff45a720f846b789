import type { SandboxRecord } from '../sandbox/record.ts';

/** What the plan needs to know of a Pod object. */
export interface PodView {
  readonly uid: string;
  /** It has a deletionTimestamp. */
  readonly deleting: boolean;
  /** Its phase is Succeeded or Failed: it will never run again. */
  readonly finished: boolean;
}

export type PodAction =
  /** Stop what runs in the sandbox and remove it. */
  | { readonly kind: 'remove'; readonly containerId: string }
  /** Make a sandbox and start the pod's contents. */
  | { readonly kind: 'start' }
  /** Start the contents in a sandbox that an earlier process made. */
  | { readonly kind: 'resume'; readonly containerId: string }
  /** Nothing of the pod is left here: delete its object for good. */
  | { readonly kind: 'finish' };

/**
 * The next step for one pod uid; undefined when all is as it should be.
 * Pure. Called again after every step, so a restart at any point resumes.
 *
 * A pod that is gone from the API, or whose name now belongs to another uid,
 * is undefined here. A half-made sandbox is undone before a new one is made.
 *
 * @param records sandboxes of this uid.
 * @param running container ids whose contents this process has started.
 */
export function planPod(
  pod: PodView | undefined,
  records: readonly SandboxRecord[],
  running: ReadonlySet<string>,
): PodAction | undefined {
  const wanted = pod !== undefined && !pod.deleting && !pod.finished;
  const kept = wanted ? records.find((record) => record.state === 'ready') : undefined;
  const doomed = records.find((record) => record !== kept);
  if (doomed) return { kind: 'remove', containerId: doomed.containerId };
  if (kept) return running.has(kept.containerId) ? undefined : { kind: 'resume', containerId: kept.containerId };
  if (wanted) return { kind: 'start' };
  return pod?.deleting ? { kind: 'finish' } : undefined;
}
