import type { ClusterName } from './cluster-name.ts';
import { deleteCluster, listContainers } from './containers.ts';
import { processState } from './process-identity.ts';
import { Programs } from './programs.ts';
import type { ClusterRecord, RecordFolder } from './records.ts';
import { killGroup } from './run-program.ts';

export interface Reaped {
  readonly name: ClusterName;
  /** `deleted`; `gone`: somebody had deleted it; `replaced`: another cluster has its name now, and stays. */
  readonly outcome: 'deleted' | 'gone' | 'replaced' | 'failed';
  /** The creator's, which ended. */
  readonly pid: number;
  /** Why it `failed`; the next call tries again. */
  readonly error?: unknown;
}

/** Deletes the clusters of ended processes; see `KindCluster.reapAbandoned`. */
export async function reapAbandoned(records: RecordFolder, env: NodeJS.ProcessEnv): Promise<readonly Reaped[]> {
  const reaped: Reaped[] = [];
  for (const { record, done, giveBack } of await records.takeAbandoned()) {
    const of = { name: record.name, pid: record.creator.pid };
    try {
      reaped.push({ ...of, outcome: await reap(record, env) });
      await done();
    } catch (error) {
      await giveBack();
      reaped.push({ ...of, outcome: 'failed', error });
    }
  }
  return reaped;
}

async function reap(record: ClusterRecord, env: NodeJS.ProcessEnv): Promise<Reaped['outcome']> {
  const { name, kind, containerIds, dockerHost, dockerContext } = record;
  const programs = new Programs({ ...env, DOCKER_HOST: dockerHost, DOCKER_CONTEXT: dockerContext });
  const midway = containerIds === undefined;
  // Its creator is dead, but kind may go on creating.
  if (midway && kind && processState(kind) === 'alive') killGroup(kind.pid);
  const there = await listContainers(programs, name);
  if (!midway && there.length === 0) return 'gone';
  if (!midway && !there.some(({ id }) => containerIds.includes(id))) return 'replaced';
  await deleteCluster(programs, name, { interrupted: midway });
  return 'deleted';
}
