import { randomUUID } from 'node:crypto';
import type { NodeRole } from './cluster-config.ts';
import { explainFailure } from './explain-failure.ts';
import { KindError, type KindErrorCode } from './kind-error.ts';
import { type NodeStage, waitForNodes } from './node-status.ts';
import type { Programs } from './programs.ts';

export interface ExecOptions {
  readonly stdin?: string | Uint8Array;
  /** 120 s by default. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workingDirectory?: string;
}

export interface ExecResult {
  /** As shells have it: 127 when the node has no such program, 126 when it cannot be run. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ConnectOptions {
  /** The node's IPv4 address there; Docker chooses by default. */
  readonly ip?: string;
  readonly ip6?: string;
}

export interface NodeAddress {
  readonly network: string;
  /** Empty when it has none. */
  readonly ipv4: string;
  readonly ipv6: string;
  readonly mac: string;
}

export interface RestartOptions {
  /** What to wait for; `kubelet` by default, since `ready` needs a CNI. */
  readonly wait?: NodeStage;
  /** For the wait, 120 s by default. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface NodeParts {
  readonly name: string;
  readonly role: NodeRole;
  readonly containerId: string;
  readonly controlPlanes: readonly string[];
  readonly programs: Programs;
}

/** A node that runs: a container, by whose name Kubernetes knows it too. */
export class StartedNode {
  readonly name: string;
  readonly role: NodeRole;
  readonly containerId: string;
  readonly #controlPlanes: readonly string[];
  readonly #programs: Programs;

  constructor({ name, role, containerId, controlPlanes, programs }: NodeParts) {
    this.name = name;
    this.role = role;
    this.containerId = containerId;
    this.#controlPlanes = controlPlanes;
    this.#programs = programs;
  }

  /**
   * Runs a program in the node. An exit code other than 0 is a result, not an
   * error. When time or signal end it, everything that it started in the node
   * is killed too.
   * @throws {KindError} `TIMEOUT`, `ABORTED`, `COMMAND_FAILED` (the node does not run) or `CLUSTER_MISSING`.
   */
  async exec(argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    const { stdin, timeoutMs, signal, env = {}, user, workingDirectory } = options;
    const mark = randomUUID();
    const flags = [
      '--env',
      `${MARK}=${mark}`,
      ...Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
      ...(user === undefined ? [] : ['--user', user]),
      ...(workingDirectory === undefined ? [] : ['--workdir', workingDirectory]),
      ...(stdin === undefined ? [] : ['--interactive']),
    ];
    try {
      const { exitCode, stdout, stderr } = await this.#programs.call(
        'docker',
        ['exec', ...flags, this.containerId, ...argv],
        {
          ...(stdin !== undefined && { stdin }),
          ...(timeoutMs !== undefined && { timeoutMs }),
          ...(signal && { signal }),
        },
      );
      if (exitCode === 1 && DOCKER_REFUSED.test(stderr)) {
        const doing = `docker exec in ${this.name}`;
        throw explainFailure({ doing, output: stderr, code: 'COMMAND_FAILED', remedy: 'See `docker ps --all`.' });
      }
      return notFound(exitCode, stdout + stderr) ?? { exitCode, stdout, stderr };
    } catch (error) {
      // Ending `docker exec` does not end what runs inside.
      if (error instanceof KindError && KILLED.has(error.code)) await this.#killMarked(mark);
      throw error;
    }
  }

  /** As far as the node lets us: one that hangs or is gone answers nothing, and its caller has an error already. */
  async #killMarked(mark: string): Promise<void> {
    const argv = ['exec', this.containerId, ...KILL_MARKED, mark];
    await this.#programs.call('docker', argv, { timeoutMs: 10_000 }).catch(() => undefined);
  }

  /** As they are now: a restart may change them. */
  async addresses(): Promise<NodeAddress[]> {
    const argv = ['inspect', '--format', '{{json .NetworkSettings.Networks}}', this.containerId];
    const networks = JSON.parse(await this.#programs.check('docker', argv)) as Record<string, InspectedNetwork>;
    return Object.entries(networks)
      .map(([network, at]) => ({ network, ipv4: at.IPAddress, ipv6: at.GlobalIPv6Address, mac: at.MacAddress }))
      .sort((a, b) => (a.network < b.network ? -1 : 1));
  }

  /** Joins a Docker network; answers the node's address there. @throws {KindError} `NETWORK_MISSING`, `COMMAND_FAILED` */
  async connect(network: string, { ip, ip6 }: ConnectOptions = {}): Promise<NodeAddress> {
    const flags = [...(ip === undefined ? [] : ['--ip', ip]), ...(ip6 === undefined ? [] : ['--ip6', ip6])];
    const remedy = 'Choose a free address in a network that was made with `--subnet`, and join a network once only.';
    await this.#programs.check('docker', ['network', 'connect', ...flags, network, this.containerId], { remedy });
    const joined = (await this.addresses()).find((address) => address.network === network);
    if (joined) return joined;
    const output = `${this.name} is not in ${network}`;
    throw explainFailure({ doing: 'docker network connect', output, code: 'COMMAND_FAILED', remedy });
  }

  async disconnect(network: string): Promise<void> {
    const remedy = `\`docker network inspect ${network}\` lists who is in it.`;
    await this.#programs.check('docker', ['network', 'disconnect', network, this.containerId], { remedy });
  }

  /** As a machine that is switched off and on. @throws {KindError} `NODE_NOT_READY`, `ABORTED` */
  async restart({ wait = 'kubelet', timeoutMs = 120_000, signal }: RestartOptions = {}): Promise<void> {
    await this.#programs.check('docker', ['restart', this.containerId], signal ? { signal } : {});
    await this.waitFor(wait, { timeoutMs, ...(signal && { signal }) });
  }

  /** Switches the machine off; Kubernetes finds out by itself. The control plane's takes the API with it. */
  async stop(): Promise<void> {
    await this.#programs.check('docker', ['stop', this.containerId]);
  }

  /** Switches a stopped machine on again. Its kubelet makes its Node anew if it was deleted. @throws {KindError} `NODE_NOT_READY`, `ABORTED` */
  async start({ wait = 'kubelet', ...limits }: RestartOptions = {}): Promise<void> {
    await this.#programs.check('docker', ['start', this.containerId]);
    await this.waitFor(wait, limits);
  }

  /** @throws {KindError} `NODE_NOT_READY`, `ABORTED` */
  async waitFor(stage: NodeStage, { timeoutMs = 120_000, signal }: Omit<RestartOptions, 'wait'> = {}): Promise<void> {
    const wait = { nodes: [this.name], controlPlanes: this.#controlPlanes, stage, timeoutMs };
    await waitForNodes(this.#programs, { ...wait, ...(signal && { signal }) });
  }

  /** Freezes every process of the node, as if the machine hung. */
  async pause(): Promise<void> {
    await this.#programs.check('docker', ['pause', this.containerId]);
  }

  async resume(): Promise<void> {
    await this.#programs.check('docker', ['unpause', this.containerId]);
  }
}

/** Source: EndpointSettings in Docker's API. */
interface InspectedNetwork {
  readonly IPAddress: string;
  readonly GlobalIPv6Address: string;
  readonly MacAddress: string;
}

/** Docker's own words, newer and older; programs in a node (nft, ip) say `Error: ` too. */
const DOCKER_REFUSED = /^(Error response from daemon: |Error: No such (container|exec instance))/;

/** A program that did not start: Docker 20 says so on the standard output, with 126 for all; later ones otherwise. */
function notFound(exitCode: number, output: string): ExecResult | undefined {
  if ((exitCode !== 126 && exitCode !== 127) || !/^OCI runtime exec failed: /.test(output)) return undefined;
  const missing = /executable file not found|no such file or directory/.test(output);
  return { exitCode: missing ? 127 : 126, stdout: '', stderr: output };
}

/** Of `exec`: errors after which the program may still run in the node. */
const KILLED: ReadonlySet<KindErrorCode> = new Set(['TIMEOUT', 'ABORTED', 'COMMAND_FAILED']);

/** Marks the processes of one `exec` by their environment. */
const MARK = 'KIND_NODE_EXEC';

/** Kills every process whose environment has the mark; the mark follows as an argument. */
const KILL_MARKED = [
  'sh',
  '-c',
  `for p in /proc/[0-9]*; do
    if grep -qzx "${MARK}=$1" "$p/environ" 2> /dev/null; then kill -KILL "\${p#/proc/}"; fi
  done`,
  'sh',
];
