import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import {
  type ApiObject,
  type Cluster,
  ClusterError,
  type ClusterNode,
  type CommandResult,
  type Probe,
  type ProbeResult,
  type ProcessRef,
  type RunningCommand,
} from '../src/scenarios/cluster.ts';
import { node } from '../src/scenarios/manifests.ts';
import { eventually } from '../src/scenarios/scenario.ts';

const MARGAY = join(import.meta.dirname, '../../packages/cli/bin/margay');

/** How soon a killed process must be back, milliseconds. */
const RESTART_LIMIT_MS = 10_000;

/** The interface of every simulated node in the fabric. */
const UNDERLAY = 'eth0';

/** The name of a node that no topology has. */
const EXTRA_NODE = 'extra';

/** Where the simulation's outside host listens. */
const OUTSIDE_PORT = 80;

/** Runs the `margay` command as a user does. */
export async function margay(parameters: readonly string[], input?: string): Promise<CommandResult> {
  const child = spawn(MARGAY, parameters, { stdio: 'pipe' });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // The command may end before it has read everything.
  child.stdin.on('error', () => undefined).end(input ?? '');
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, stdout, stderr };
}

interface Status {
  readonly ready: boolean;
  readonly nodes: readonly Omit<ClusterNode, 'underlay'>[];
  readonly processes: readonly { role: string; node: string; pid: number; restarts: number }[];
}

/** A simulation, used through its command alone. */
export class CliCluster implements Cluster {
  readonly name: string;
  readonly apiOverUnderlay = true;
  readonly outside: { readonly address: string; readonly port: number };

  private constructor(name: string, outside: { address: string; port: number }) {
    this.name = name;
    this.outside = outside;
  }

  static async up(name: string, ...options: string[]): Promise<CliCluster> {
    const { code, stdout, stderr } = await margay(['sim', 'up', '--name', name, '-o', 'json', ...options]);
    if (code !== 0) throw new Error(`sim up ended with ${code}: ${stderr}`);
    const { outside } = JSON.parse(stdout) as { outside: { address: string } };
    return new CliCluster(name, { ...outside, port: OUTSIDE_PORT });
  }

  async down(): Promise<void> {
    const { code, stderr } = await this.#sim(['down']);
    if (code !== 0) throw new Error(`sim down ended with ${code}: ${stderr}`);
  }

  async status(): Promise<Status> {
    const { stdout, stderr } = await this.#sim(['status', '-o', 'json']);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as Status;
  }

  async nodes(): Promise<ClusterNode[]> {
    const { nodes } = await this.status();
    return nodes.map((node) => ({ ...node, underlay: UNDERLAY })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async apply(yaml: string): Promise<void> {
    await this.#must(['apply', '-f', '-'], yaml);
  }

  async delete(yaml: string): Promise<void> {
    await this.#must(['delete', '--ignore-not-found', '-f', '-'], yaml);
  }

  async get(kind: string, name: string, namespace?: string): Promise<ApiObject | undefined> {
    const result = await this.#sim([
      'get',
      kind,
      name,
      '-o',
      'json',
      ...(namespace === undefined ? [] : ['-n', namespace]),
    ]);
    if (result.code === 1) return undefined;
    if (result.code !== 0) throw new ClusterError(result.stderr, result.code);
    return JSON.parse(result.stdout) as ApiObject;
  }

  async list(kind: string, namespace?: string): Promise<ApiObject[]> {
    const { stdout } = await this.#must([
      'get',
      kind,
      '-o',
      'json',
      ...(namespace === undefined ? ['-A'] : ['-n', namespace]),
    ]);
    return (JSON.parse(stdout) as { items: ApiObject[] }).items;
  }

  async probe({ from, to, port, protocol = 'tcp' }: Probe): Promise<ProbeResult> {
    const where = [
      '--from',
      from,
      '--to',
      to,
      '--protocol',
      protocol,
      ...(port === undefined ? [] : ['--port', String(port)]),
    ];
    const { code, stdout, stderr } = await this.#sim(['probe', ...where, '-o', 'json']);
    if (code !== 0 && code !== 1) throw new ClusterError(stderr, code);
    const { verdict, reason } = JSON.parse(stdout) as { verdict: string; reason: string };
    if ((verdict === 'allowed') !== (code === 0)) throw new Error(`verdict ${verdict} with exit code ${code}`);
    return { allowed: verdict === 'allowed', reason };
  }

  async deniedPairs(): Promise<string[]> {
    const { code, stdout, stderr } = await this.#sim(['probe', '--all', '--port', '80', '-o', 'json']);
    // While the API or the daemon's view is on its way, the question itself may fail: that is no reachability.
    if (code !== 0) return [`probe --all ended with ${code}: ${stderr.trim()}`];
    const { pods, verdicts } = JSON.parse(stdout) as {
      pods: string[];
      verdicts: Record<string, Record<string, string>>;
    };
    const missing = (await this.#expectedPods()).filter((name) => !pods.includes(name));
    if (missing.length > 0 || pods.length < 2) return [`not measured: ${missing.join(', ') || 'fewer than two pods'}`];
    return Object.entries(verdicts).flatMap(([from, row]) =>
      Object.entries(row).flatMap(([to, verdict]) => (verdict === 'allowed' ? [] : [`${from} -> ${to}`])),
    );
  }

  /** All pods that should be there and reachable. */
  async #expectedPods(): Promise<string[]> {
    const pods = (await this.list('pod')) as {
      metadata: { name: string; namespace?: string; deletionTimestamp?: string };
    }[];
    return pods
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  }

  exec(target: string, ...command: string[]): Promise<CommandResult> {
    return this.#sim(['exec', target, '--', ...command]);
  }

  async start(target: string, ...command: string[]): Promise<RunningCommand> {
    return new CliCommand(
      spawn(MARGAY, ['sim', 'exec', '--name', this.name, target, '--', ...command], { stdio: 'pipe' }),
    );
  }

  async capture(node: string, filter: string, during: () => Promise<void>): Promise<string[]> {
    const command = new CliCommand(
      spawn(
        MARGAY,
        ['sim', 'capture', '--name', this.name, node, '--filter', filter, '--seconds', '20', '-o', 'text'],
        { stdio: 'pipe' },
      ),
    );
    try {
      await eventually(async () =>
        /listening/i.test(command.errors()) ? undefined : `the capture did not start: ${command.errors()}`,
      );
      await during();
      // What was on the wire while `during` ran is printed by now, or within the next moment.
      await new Promise((resolve) => setTimeout(resolve, 300));
    } finally {
      await command.stop('SIGINT');
    }
    return command
      .output()
      .split('\n')
      .filter((line) => line !== '');
  }

  async addNode(): Promise<string> {
    await this.apply(node(EXTRA_NODE));
    return EXTRA_NODE;
  }

  async removeNode(): Promise<void> {
    await this.delete(node(EXTRA_NODE));
  }

  async setUnderlay(name: string, state: 'up' | 'down'): Promise<void> {
    await this.#must(['exec', name, '--', 'ip', 'link', 'set', 'dev', UNDERLAY, state]);
  }

  async kill(ref: ProcessRef): Promise<void> {
    const before = await this.#processOf(ref);
    if (before.pid === 0) throw new Error(`${ref.role} is down already`);
    process.kill(before.pid, 'SIGKILL');
    await eventually(async () => {
      const { pid, restarts } = await this.#processOf(ref);
      return pid !== before.pid && pid > 0 && restarts > before.restarts ? undefined : 'it was not started again';
    }, RESTART_LIMIT_MS);
  }

  async whilePaused(ref: ProcessRef, during: () => Promise<void>): Promise<void> {
    const { pid } = await this.#processOf(ref);
    process.kill(pid, 'SIGSTOP');
    try {
      await during();
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  }

  async #processOf({ role, node = '' }: ProcessRef): Promise<Status['processes'][number]> {
    const found = (await this.status()).processes.find((each) => each.role === role && each.node === node);
    if (!found) throw new Error(`there is no process of role ${role}${node && ` on ${node}`}`);
    return found;
  }

  #sim(parameters: readonly string[], input?: string): Promise<CommandResult> {
    const [command = '', ...rest] = parameters;
    return margay(['sim', command, '--name', this.name, ...rest], input);
  }

  async #must(parameters: readonly string[], input?: string): Promise<CommandResult> {
    const result = await this.#sim(parameters, input);
    if (result.code !== 0) throw new ClusterError(result.stderr.trim(), result.code);
    return result;
  }
}

class CliCommand implements RunningCommand {
  readonly ended: Promise<number>;
  readonly #child: ChildProcessWithoutNullStreams;
  #output = '';
  #errors = '';

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    child.stdin.on('error', () => undefined);
    this.ended = once(child, 'close').then(([code]) => (code as number | null) ?? -1);
  }

  output(): string {
    return this.#output;
  }

  errors(): string {
    return this.#errors;
  }

  write(text: string): void {
    this.#child.stdin.write(text);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.#child.kill(signal);
    await this.ended;
  }
}
