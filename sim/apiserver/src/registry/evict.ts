import { badRequest } from '../error.ts';
import type { RegistryContext, Target } from './context.ts';
import { type DeleteOptions, deleteObject, readDeleteOptions } from './delete.ts';

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
  const { metadata, deleteOptions } = (body ?? {}) as { metadata?: { name?: unknown }; deleteOptions?: object };
  if (metadata?.name !== undefined && metadata.name !== '' && metadata.name !== target.name) {
    throw badRequest(`the name of the eviction (${String(metadata.name)}) is not that of the pod (${target.name})`);
  }
  const options = readDeleteOptions(deleteOptions ?? {});
  deleteObject(context, target, { ...options, dryRun: dryRun || options.dryRun });
}
