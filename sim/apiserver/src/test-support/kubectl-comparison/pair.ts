import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiClient, type KubernetesPrograms, loadManifests, startKubeApiserver } from '@margay/testkit';
import { Kubectl, type Outcome } from '../kubectl.ts';
import { startTestServer } from '../test-server.ts';
import { normaliseOutcome } from './normalise.ts';

const CRDS = join(import.meta.dirname, '../../../../../deploy/chart/crds');

/** One of the two servers, and kubectl for it. */
export interface Side {
  readonly kubectl: Kubectl;
  readonly client: ApiClient;
  close(): Promise<void>;
}

export interface Both<T> {
  readonly ours: T;
  readonly theirs: T;
}

export interface RunOptions {
  /** What stands on kubectl's standard input. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The same kubectl on our server and on kube-apiserver. */
export class KubectlPair implements Both<Side> {
  readonly ours: Side;
  readonly theirs: Side;

  private constructor({ ours, theirs }: Both<Side>) {
    this.ours = ours;
    this.theirs = theirs;
  }

  static async start(programs: KubernetesPrograms): Promise<KubectlPair> {
    const [ours, theirs] = await Promise.all([startOurs(), startTheirs(programs)]);
    return new KubectlPair({ ours, theirs });
  }

  async close(): Promise<void> {
    await Promise.all([this.ours.close(), this.theirs.close()]);
  }

  /** Does the same to both. */
  async each<T>(action: (side: Side) => Promise<T>): Promise<Both<T>> {
    const [ours, theirs] = await Promise.all([action(this.ours), action(this.theirs)]);
    return { ours, theirs };
  }

  /** What kubectl does on each, less what must differ. Words are split at blanks; an array is taken as it is. */
  async run(command: string | readonly string[], { input, env }: RunOptions = {}): Promise<Both<Outcome>> {
    const args = typeof command === 'string' ? command.split(' ') : command;
    return this.each(async ({ kubectl }) => normaliseOutcome(await kubectl.run(args, input, env)));
  }
}

async function startOurs(): Promise<Side> {
  const server = await startTestServer();
  const kubectl = new Kubectl(server.address);
  const close = async (): Promise<void> => {
    kubectl.close();
    await server.close();
  };
  return { kubectl, client: new ApiClient(server.address), close };
}

async function startTheirs(programs: KubernetesPrograms): Promise<Side> {
  const server = await startKubeApiserver(programs);
  const manifests = readdirSync(CRDS).map((file) => readFileSync(join(CRDS, file), 'utf8'));
  await loadManifests(server.client, manifests);
  const kubectl = new Kubectl(server);
  const close = async (): Promise<void> => {
    kubectl.close();
    await server.close();
  };
  return { kubectl, client: server.client, close };
}
