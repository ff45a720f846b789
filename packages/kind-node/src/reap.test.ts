import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakePrograms } from '../test/fake-programs.ts';
import { parseClusterName } from './cluster-name.ts';
import { KindCluster } from './kind-cluster.ts';
import { identifyProcess, type ProcessIdentity, processState } from './process-identity.ts';
import { type ClusterRecord, RecordFolder } from './records.ts';

const name = parseClusterName('example');
let fake: FakePrograms;
beforeEach(() => {
  fake = new FakePrograms();
});
afterEach(() => {
  for (const child of sleepers.splice(0)) child.kill('SIGKILL');
  fake[Symbol.dispose]();
});

const sleepers: ChildProcess[] = [];

/** A process that leads a group, as kind does. */
async function startSleeper(): Promise<{ readonly child: ChildProcess; readonly identity: ProcessIdentity }> {
  const child = spawn('sleep', ['300'], { detached: true });
  sleepers.push(child);
  await once(child, 'spawn');
  const identity = identifyProcess(child.pid ?? 0);
  if (identity === undefined) throw new Error('the process is not found');
  return { child, identity };
}

/** As if a process had ended that made a cluster of these containers. */
async function leaveRecord(more: Partial<ClusterRecord>): Promise<void> {
  const records = new RecordFolder(fake.stateFolder);
  const record = await records.claim(name, { DOCKER_HOST: 'tcp://192.0.2.1:2376' });
  const creator = { ...record.creator, startTicks: 1 };
  await records.update({ ...record, creator, ...more });
}

/** What runs is the container `there`, until kind deletes it; Docker notes which daemon it was asked for. */
function run(there: string): void {
  fake
    .write(
      'docker',
      `'ps '*) echo "$DOCKER_HOST" > '${fake.folder}/asked'
        test -f '${fake.folder}/gone' || printf '${there}\\texample-control-plane\\tcontrol-plane\\n' ;;`,
    )
    .write('kind', `'delete cluster --name example '*) touch '${fake.folder}/gone' ;;`);
}

const reap = (): ReturnType<typeof KindCluster.reapAbandoned> =>
  KindCluster.reapAbandoned({ env: fake.env, stateFolder: fake.stateFolder });
const outcomes = async (): Promise<string[]> => (await reap()).map(({ outcome }) => outcome);

describe('KindCluster.reapAbandoned', () => {
  it('deletes the containers that the record names, in the Docker that it names', async () => {
    await leaveRecord({ containerIds: ['abc'] });
    run('abc');
    expect(await outcomes()).toEqual(['deleted']);
    expect(fake.read('asked')).toBe('tcp://192.0.2.1:2376');
    expect(readdirSync(fake.stateFolder)).toEqual([]);
  });

  it("leaves another's cluster of the same name", async () => {
    await leaveRecord({ containerIds: ['abc'] });
    run('def');
    expect(await outcomes()).toEqual(['replaced']);
    expect(fake.calls('kind')).toEqual([]);
    expect(readdirSync(fake.stateFolder)).toEqual([]);
  });

  it('forgets a cluster that somebody deleted', async () => {
    await leaveRecord({ containerIds: ['abc'] });
    fake.write('docker', `'ps '*) ;;`);
    expect(await outcomes()).toEqual(['gone']);
    expect(readdirSync(fake.stateFolder)).toEqual([]);
  });

  it('keeps the record when Docker does not answer, and succeeds the next time', async () => {
    await leaveRecord({ containerIds: ['abc'] });
    fake.write('docker', `*) echo 'Cannot connect to the Docker daemon.' >&2; exit 1 ;;`);
    expect(await reap()).toMatchObject([{ name, outcome: 'failed', error: { code: 'DOCKER_UNREACHABLE' } }]);
    expect(readdirSync(fake.stateFolder)).toEqual(['example.json']);
    run('abc');
    expect(await outcomes()).toEqual(['deleted']);
  });

  it('ends the kind that still works on it, before it deletes', async () => {
    const { child, identity } = await startSleeper();
    await leaveRecord({ kind: identity });
    run('abc');
    const exited = once(child, 'exit');
    expect(await outcomes()).toEqual(['deleted']);
    expect(await exited).toEqual([null, 'SIGKILL']);
    expect(processState(identity)).toBe('dead');
  });

  it('ends no process that only has the same PID', async () => {
    const { identity } = await startSleeper();
    await leaveRecord({ kind: { ...identity, startTicks: identity.startTicks - 1 } });
    run('abc');
    expect(await outcomes()).toEqual(['deleted']);
    expect(processState(identity)).toBe('alive');
  });

  it('has nothing to do where nothing ever was', async () => {
    expect(await reap()).toEqual([]);
  });
});

describe('StartedKindCluster.stop', () => {
  it("leaves another's cluster that came in its place", async () => {
    run('abc');
    const cluster = await KindCluster.attach(name, { env: fake.env, stateFolder: fake.stateFolder });
    run('def');
    await cluster.stop();
    expect(fake.calls('kind')).toEqual([]);
  });

  it('may be called again after a failure', async () => {
    run('abc');
    const cluster = await KindCluster.attach(name, { env: fake.env, stateFolder: fake.stateFolder });
    fake.write('kind', `*) echo 'ERROR: no' >&2; exit 1 ;;`);
    await expect(cluster.stop()).rejects.toMatchObject({ code: 'DELETE_FAILED', output: 'ERROR: no\n' });
    run('abc');
    await cluster.stop();
    expect(fake.calls('kind')).toHaveLength(2);
  });
});
