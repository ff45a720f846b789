import type { FilterTables } from '@margay/ports';
import type { EndpointStore } from '../endpoints/endpoint-store.ts';
import { NETWORK_NAME } from '../install/conflist.ts';
import type { NodeChanges } from '../state/node-changes.ts';
import { HOST_PORT_TABLES, noteworthy, planRemoval } from './plan-removal.ts';

/** How often the removal is planned again because somebody changes the packet filter meanwhile. */
const ATTEMPTS = 20;

/**
 * Notes what is there of that which portmap makes, before the first pod of
 * Margay can have a host port. Only the first note counts.
 *
 * @throws {KernelError}
 */
export async function notePortmap(
  filterTables: Pick<FilterTables, 'list'>,
  changes: Pick<NodeChanges, 'filterObjects' | 'noteFilterObjects'>,
): Promise<void> {
  if (changes.filterObjects !== undefined) return;
  const { tables } = await filterTables.list(HOST_PORT_TABLES);
  await changes.noteFilterObjects(noteworthy(tables));
}

/**
 * Takes away what portmap left behind for Margay's pods. Without the note of
 * what was there before nothing is taken, since it may be somebody else's.
 *
 * @throws {KernelError}
 */
export async function removePortmapTraces(
  filterTables: FilterTables,
  {
    changes,
    endpoints,
  }: { readonly changes: Pick<NodeChanges, 'filterObjects'>; readonly endpoints: Pick<EndpointStore, 'all'> },
): Promise<void> {
  if (changes.filterObjects === undefined) return;
  const before = new Set(changes.filterObjects);
  const containers = new Set(endpoints.all().map(({ containerId }) => containerId));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { tables, generation } = await filterTables.list(HOST_PORT_TABLES);
    const removals = planRemoval({ tables, before, network: NETWORK_NAME, containers });
    if (await filterTables.remove(removals, generation)) return;
  }
  throw new Error(`the packet filter changed at every one of ${ATTEMPTS} attempts`);
}
