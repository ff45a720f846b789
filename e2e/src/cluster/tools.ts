import { randomUUID } from 'node:crypto';
import type { CommandResult, RunningCommand } from '@margay/sim/scenarios';
import { GenericContainer, type StartedTestContainer } from 'testcontainers';
import { CLUSTER_LABEL } from '../fabric/fabric.ts';
import { spawnCommand } from './spawn-command.ts';

/**
 * Programs beside a node: a container in the node's own network and process
 * namespaces, so that a node image need not have a capture tool or a probe.
 */
export class NodeTools {
  readonly #container: StartedTestContainer;

  private constructor(container: StartedTestContainer) {
    this.#container = container;
  }

  static async start(options: { cluster: string; node: string; image: string }): Promise<NodeTools> {
    const { cluster, node, image } = options;
    const container = await new BesideNode(image, node)
      .withName(`${node}-tools`)
      .withLabels({ [CLUSTER_LABEL]: cluster })
      .withPrivilegedMode()
      .start();
    return new NodeTools(container);
  }

  /** In the node's namespaces as they are now: it has new ones after a restart. */
  async restart(): Promise<void> {
    await this.#container.restart();
  }

  /** Runs to the end, in the node's network or in that of `namespace`, a path below /proc. */
  async exec(command: readonly string[], namespace?: string): Promise<CommandResult> {
    const { exitCode, stdout, stderr } = await this.#container.exec([...inside(namespace), ...command]);
    return { code: exitCode, stdout, stderr };
  }

  /** Starts a command and leaves it running. */
  start(command: readonly string[], namespace?: string): StartedCommand {
    const id = randomUUID();
    const child = spawnCommand('docker', [
      'exec',
      '--interactive',
      this.#container.getId(),
      'sh',
      '-c',
      'echo $$ > "/run/$0" && exec "$@"',
      id,
      ...inside(namespace),
      ...command,
    ]);
    return {
      output: child.output,
      errors: child.errors,
      ended: child.ended,
      write: child.write,
      stop: async (signal = 'TERM') => {
        // Docker tells a process in a container nothing of the end of its client.
        await this.#container.exec(['sh', '-c', 'kill -s "$1" "$(cat "/run/$0")"', id, signal]);
        await child.ended;
      },
    };
  }
}

export interface StartedCommand extends RunningCommand {
  /** All error output so far. */
  errors(): string;
  /** By a signal's name without `SIG`; TERM by default. */
  stop(signal?: string): Promise<void>;
}

/** testcontainers has no word for another container's process namespace. */
class BesideNode extends GenericContainer {
  constructor(image: string, node: string) {
    super(image);
    this.withNetworkMode(`container:${node}`);
    this.hostConfig.PidMode = `container:${node}`;
  }
}

function inside(namespace: string | undefined): string[] {
  return namespace === undefined ? [] : ['nsenter', `--net=${namespace}`];
}
