import type { RegistryContext, Target } from './context.ts';
import { type DeleteOptions, deleteObject } from './delete.ts';
import { readDeleteOptions } from './delete-options.ts';
import { readPlacedBody } from './placed-body.ts';

/**
 * Lets a pod go from its node, as `kubectl drain` asks: here a delete, since
 * there are no disruption budgets.
 *
 * @throws {ApiError} 400, 404 or 409
 */
export function evictPod(
  context: RegistryContext,
  target: Target,
  body: unknown,
  { dryRun }: Pick<DeleteOptions, 'dryRun'>,
): void {
  const { deleteOptions } = readPlacedBody<{ deleteOptions?: unknown }>(body, 'Eviction', target);
  const options = readDeleteOptions(deleteOptions ?? {}, 'BadRequest');
  deleteObject(context, target, { ...options, dryRun: dryRun || options.dryRun });
}
