import type { ApiObjects } from './api-objects.ts';
import { waitAccount } from './hook-objects.ts';

/**
 * Takes away the account that this program runs with. Its rights end with the
 * first of their objects that goes, so it cannot delete them one by one: all
 * are made to belong to one of them, which it deletes, and the cluster's
 * garbage collector takes the others. Nothing is done when that one is gone.
 *
 * @throws {Error} the API does not answer, or refuses; call it again
 */
export async function removeOwnAccount(objects: ApiObjects, namespace: string): Promise<void> {
  const { clusterRights, rights } = waitAccount(namespace);
  const owner = await objects.get(clusterRights);
  if (!owner) return;
  const { apiVersion, kind, metadata } = owner;
  const ownerReferences = [{ apiVersion, kind, name: metadata.name, uid: metadata.uid }];
  for (const path of rights) await objects.patch(path, { metadata: { ownerReferences } });
  await objects.delete(clusterRights);
}
