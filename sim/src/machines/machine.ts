import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { spawnChild } from '../daemon/children.ts';
import { SimError } from '../error.ts';
import { namespacePath, nodeNamespace } from '../fabrics/places.ts';

/**
 * The mount and host name namespaces of a node, beside its network namespace.
 * They live by descriptors of the daemon's: a mount on a file, as for network
 * namespaces, is refused by some kernels (6.18 numbers mount namespaces per
 * processor, and takes one with a smaller number than its own for a loop).
 */
export interface Machine {
  readonly node: string;
  /** Folder of the simulator's that the node sees under the same path. */
  readonly sharedDirectory: string;
  readonly mountFd: number;
  readonly hostFd: number;
  readonly netNamespace: string;
}

/**
 * Gives a node, whose network namespace is there already, the rest of a
 * machine. No process of it stays.
 *
 * @throws {SimError} `FAILED`
 */
export async function createMachine(node: string, sharedDirectory: string): Promise<Machine> {
  const netNamespace = namespacePath(nodeNamespace(node));
  const script = join(import.meta.dirname, 'create.sh');
  const child = spawnChild(
    ['nsenter', `--net=${netNamespace}`, 'unshare', '--mount', '--uts', '/bin/sh', script, node, sharedDirectory],
    { stdio: 'pipe' },
  );
  const closed = once(child, 'close');
  const complaint = await untilReady(child);
  if (complaint !== undefined)
    throw new SimError('FAILED', `the machine of node ${node} could not be made: ${complaint}`);
  const mountFd = openSync(`/proc/${child.pid}/ns/mnt`, 'r');
  const hostFd = openSync(`/proc/${child.pid}/ns/uts`, 'r');
  child.stdin?.end();
  await closed;
  return { node, sharedDirectory, mountFd, hostFd, netNamespace };
}

/** Lets go of the namespaces; they end with the last process in them. */
export function removeMachine({ mountFd, hostFd }: Machine): void {
  closeSync(mountFd);
  closeSync(hostFd);
}

/** The command as it is started inside the machine, optionally in a pod's network namespace, a path of the machine's. */
export function enterMachine(machine: Machine, command: readonly string[], podNamespace?: string): string[] {
  const enter = [
    'nsenter',
    `--mount=${descriptorPath(machine.mountFd)}`,
    `--uts=${descriptorPath(machine.hostFd)}`,
    `--net=${machine.netNamespace}`,
    '--',
  ];
  if (podNamespace === undefined) return [...enter, ...command];
  return [...enter, 'nsenter', `--net=${podNamespace}`, '--', ...command];
}

/** A descriptor of this process, as others in the simulation open it. */
function descriptorPath(fd: number): string {
  return `/proc/${process.pid}/fd/${fd}`;
}

/** Undefined once the script says that it is ready; else its complaint. */
async function untilReady(child: ChildProcess): Promise<string | undefined> {
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  return await new Promise((resolve) => {
    child.stdout?.once('data', () => resolve(undefined));
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => resolve(complaint.trim() || `exit code ${code}`));
  });
}
