import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakePrograms } from '../test/fake-programs.ts';
import { KindCluster, type KindClusterOptions } from './kind-cluster.ts';
import { KindError } from './kind-error.ts';
import { identifyProcess } from './process-identity.ts';
import type { ProgressEvent } from './progress.ts';

let fake: FakePrograms;
beforeEach(() => {
  fake = new FakePrograms();
});
afterEach(() => fake[Symbol.dispose]());

const NO_CONTAINERS = `'ps '*) ;;`;
const DELETES = `'delete cluster '*) ;;`;
const cluster = (more: Partial<KindClusterOptions> = {}): KindCluster =>
  new KindCluster({ name: 'example', env: fake.env, stateFolder: fake.stateFolder, ...more });
const records = (): string[] => readdirSync(fake.stateFolder);
const kindVerbs = (): string[] => fake.calls('kind').map((call) => call.split(' ').slice(0, 2).join(' '));

async function failure(promise: Promise<unknown>): Promise<KindError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof KindError)) throw new Error('it did not fail with a KindError', { cause: error });
  return error;
}

describe('KindCluster.start, when something is missing', () => {
  it('names Docker when that is missing, and leaves no record', async () => {
    const error = await failure(cluster().start());
    expect(error.code).toBe('DOCKER_MISSING');
    expect(records()).toEqual([]);
  });

  it('names kind when that is missing, and leaves no record', async () => {
    fake.write('docker', NO_CONTAINERS);
    const error = await failure(cluster().start());
    expect(error.code).toBe('KIND_MISSING');
    expect(records()).toEqual([]);
  });

  it('says that Docker does not answer, with its words', async () => {
    const words = 'Cannot connect to the Docker daemon at unix:///nope. Is the docker daemon running?';
    fake.write('docker', `*) echo '${words}' >&2; exit 1 ;;`);
    expect(await failure(cluster().start())).toMatchObject({ code: 'DOCKER_UNREACHABLE', output: `${words}\n` });
  });

  it('starts nothing when others have a cluster of that name, and deletes nothing', async () => {
    fake.write('docker', `'ps '*) printf 'abc\\texample-control-plane\\tcontrol-plane\\n' ;;`).write('kind', DELETES);
    expect((await failure(cluster().start())).code).toBe('NAME_TAKEN');
    expect(fake.calls('kind')).toEqual([]);
    expect(records()).toEqual([]);
  });
});

describe('KindCluster.start, when kind fails', () => {
  it('reports progress, deletes what there is, and hands on what kind printed', async () => {
    fake.write('docker', NO_CONTAINERS).write(
      'kind',
      `'create cluster '*) cat > config; echo ' • Preparing nodes 📦  ...' >&2; echo ' ✗ Preparing nodes 📦' >&2
         echo 'ERROR: failed to create cluster: the reason' >&2; exit 1 ;;
       ${DELETES}`.replace('cat > config', `cat > '${fake.folder}/config'`),
    );
    const events: ProgressEvent[] = [];
    const error = await failure(cluster().start({ onProgress: (event) => events.push(event) }));
    expect(error.code).toBe('CREATE_FAILED');
    expect(error.output).toContain('ERROR: failed to create cluster: the reason');
    expect(events.map(({ step, state }) => [step, state])).toEqual([
      ['nodes', 'begin'],
      ['nodes', 'failed'],
    ]);
    expect(JSON.parse(fake.read('config'))).toMatchObject({ kind: 'Cluster' });
    expect(kindVerbs()).toEqual(['create cluster', 'delete cluster']);
    expect(records()).toEqual([]);
  });

  it('deletes nothing when another kind was faster', async () => {
    fake
      .write('docker', NO_CONTAINERS)
      .write('kind', `'create '*) echo 'ERROR: node(s) already exist for a cluster with the name "x"' >&2; exit 1 ;;`);
    expect((await failure(cluster().start())).code).toBe('NAME_TAKEN');
    expect(kindVerbs()).toEqual(['create cluster']);
  });

  it('leaves the nodes when it shall', async () => {
    fake.write('docker', NO_CONTAINERS).write('kind', `'create '*) exit 1 ;;`);
    expect((await failure(cluster({ keepOnFailure: true }).start())).code).toBe('CREATE_FAILED');
    expect(kindVerbs()).toEqual(['create cluster']);
    expect(records()).toEqual([]);
  });

  it('keeps the record, and says both, when deleting fails too', async () => {
    fake
      .write('docker', NO_CONTAINERS)
      .write('kind', `'create '*) echo 'ERROR: one' >&2; exit 1 ;; 'delete '*) echo 'ERROR: two' >&2; exit 1 ;;`);
    const start = cluster().start();
    await expect(start).rejects.toBeInstanceOf(AggregateError);
    await expect(start).rejects.toThrow(/one\..*two\./);
    expect(records()).toEqual(['example.json']);
  });
});

describe('KindCluster.start, when it takes too long', () => {
  /** A kind whose own child holds on; both note their PIDs. */
  const hangs = (): string => `'create cluster '*) sleep 300 & echo "$$ $!" > '${fake.folder}/pids'
      echo ' • Preparing nodes 📦  ...' >&2; wait ;;
    ${DELETES}`;
  const pidsLeft = (): string[] =>
    fake
      .read('pids')
      .split(' ')
      .filter((pid) => identifyProcess(Number(pid)));

  it('ends kind and what kind started at the time limit', async () => {
    fake.write('docker', NO_CONTAINERS).write('kind', hangs());
    const error = await failure(cluster().start({ timeoutMs: 500 }));
    expect(error).toMatchObject({ code: 'TIMEOUT', output: expect.stringContaining('Preparing nodes') });
    expect(pidsLeft()).toEqual([]);
    expect(kindVerbs()).toEqual(['create cluster', 'delete cluster']);
  });

  it('ends kind and what kind started on abort, and keeps the reason', async () => {
    fake.write('docker', NO_CONTAINERS).write('kind', hangs());
    const controller = new AbortController();
    const reason = new Error('enough');
    const onProgress = (): void => controller.abort(reason);
    const error = await failure(cluster().start({ signal: controller.signal, onProgress }));
    expect(error).toMatchObject({ code: 'ABORTED', cause: reason });
    expect(pidsLeft()).toEqual([]);
    expect(records()).toEqual([]);
  });

  it('starts nothing for a signal that is aborted already', async () => {
    fake.write('docker', NO_CONTAINERS).write('kind', DELETES);
    expect((await failure(cluster().start({ signal: AbortSignal.abort() }))).code).toBe('ABORTED');
    expect(fake.calls('kind')).toEqual([]);
  });

  it('looks again after deleting, since a killed `docker run` may still end in a container', async () => {
    fake
      .write('docker', `'ps '*) test -f '${fake.folder}/late' && printf 'a\\texample-worker\\tworker\\n' || true ;;`)
      .write(
        'kind',
        `'create cluster '*) exit 1 ;;
         'delete cluster '*) if test -f '${fake.folder}/late'; then rm '${fake.folder}/late'
           else touch '${fake.folder}/late'; fi ;;`,
      );
    expect((await failure(cluster().start())).code).toBe('CREATE_FAILED');
    expect(kindVerbs()).toEqual(['create cluster', 'delete cluster', 'delete cluster']);
  });

  it('says why each node is late', async () => {
    const STARTED = '2029-01-01T00:00:00.5Z';
    const ready = (name: string, status: string, lastHeartbeatTime: string): object => {
      const [reason, message] = ['KubeletNotReady', 'cni plugin not initialized'];
      return {
        metadata: { name },
        status: { conditions: [{ type: 'Ready', status, reason, message, lastHeartbeatTime }] },
      };
    };
    const items = [
      ready('example-control-plane', 'False', '2029-01-01T00:00:00Z'),
      // What the API still knows from before the start.
      ready('example-worker', 'True', '2028-12-31T23:59:59Z'),
      ready('example-worker3', 'True', '2029-01-01T00:00:00Z'),
    ];
    const nodes = ['control-plane', 'worker', 'worker2', 'worker3'].map((suffix) => `example-${suffix}`);
    const listed = nodes.map((name) => `${name}\\t${name}\\t${name.replace(/^example-|\d$/g, '')}\\n`).join('');
    const inspected = nodes.map((name) => `/${name}\\trunning\\t${STARTED}\\n`).join('');
    const made = `${fake.folder}/made`;
    fake.write('kind', `'create '*) touch '${made}' ;; 'delete '*) rm -f '${made}' ;;`).write(
      'docker',
      `'ps '*) test -f '${made}' && printf '${listed}' || true ;;
       'inspect '*) printf '${inspected}' ;;
       'exec '*) echo '${JSON.stringify({ items })}' ;;`,
    );
    const error = await failure(cluster({ waitSeconds: 0.1 }).start());
    expect(error.code).toBe('NODE_NOT_READY');
    expect(error.message).toContain(
      'not Ready: example-control-plane (KubeletNotReady: cni plugin not initialized), ' +
        'example-worker (its kubelet has not reported since it started), ' +
        'example-worker2 (the API does not know it yet). ',
    );
    expect(kindVerbs()).toEqual(['create cluster', 'delete cluster']);
  });
});

describe('StartedNode.exec', () => {
  const runIn = async (words: string): Promise<unknown> => {
    const list = `'ps '*) printf 'abc\\texample-control-plane\\tcontrol-plane\\n' ;;`;
    fake.write('docker', `${list}\n'exec '*) echo '${words}' >&2; exit 1 ;;`);
    const started = await KindCluster.attach('example', { env: fake.env, stateFolder: fake.stateFolder });
    return await started.nodes()[0]?.exec(['nft', 'list', 'table', 'inet', 'none']);
  };

  it('takes what a program says of its own errors for a result', async () => {
    const words = 'Error: No such file or directory';
    expect(await runIn(words)).toEqual({ exitCode: 1, stdout: '', stderr: `${words}\n` });
  });

  it.each(['Error response from daemon: container abc is not running', 'Error: No such container: abc'])(
    'fails when Docker says: %s',
    async (words) => {
      expect((await failure(runIn(words))).output).toBe(`${words}\n`);
    },
  );
});
