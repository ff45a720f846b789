import { CNI_CODE, CniError } from './cni-error.ts';

export type CniCommand = 'ADD' | 'DEL' | 'CHECK' | 'GC' | 'STATUS' | 'VERSION';

/** The `CNI_` variables of one call; one that the command does not need may be ''. */
export interface CniEnvironment {
  readonly command: CniCommand;
  readonly containerId: string;
  /** Path of the pod's network namespace. */
  readonly netns: string;
  readonly ifname: string;
  /** `CNI_ARGS`, parsed. */
  readonly args: ReadonlyMap<string, string>;
}

type Variable = 'CNI_CONTAINERID' | 'CNI_NETNS' | 'CNI_IFNAME' | 'CNI_PATH';

/** In the order in which the reference library names missing ones. */
const REQUIRED: Record<CniCommand, readonly Variable[]> = {
  ADD: ['CNI_CONTAINERID', 'CNI_NETNS', 'CNI_IFNAME', 'CNI_PATH'],
  CHECK: ['CNI_CONTAINERID', 'CNI_NETNS', 'CNI_IFNAME', 'CNI_PATH'],
  DEL: ['CNI_CONTAINERID', 'CNI_IFNAME', 'CNI_PATH'],
  GC: ['CNI_PATH'],
  STATUS: ['CNI_PATH'],
  VERSION: [],
};

/** Longest name of a network interface, in bytes (IFNAMSIZ less its NUL). */
const MAX_IFNAME_BYTES = 15;

/**
 * Reads and checks the environment. '' counts as unset; a variable that the
 * command does not require is not checked.
 *
 * @throws {CniError} 4, with the names of what is missing or wrong.
 */
export function readEnvironment(environment: Readonly<Record<string, string>>): CniEnvironment {
  const command = environment.CNI_COMMAND ?? '';
  if (command === '') throw invalid('required env variables [CNI_COMMAND] missing');
  if (!isCommand(command)) throw invalid(`unknown CNI_COMMAND: ${command}`);
  const required = REQUIRED[command];
  const missing = required.filter((name) => !environment[name]);
  if (missing.length > 0) throw invalid(`required env variables [${missing.join(',')}] missing`);
  const containerId = environment.CNI_CONTAINERID ?? '';
  const ifname = environment.CNI_IFNAME ?? '';
  if (required.includes('CNI_CONTAINERID')) checkContainerId(containerId);
  if (required.includes('CNI_IFNAME')) checkInterfaceName(ifname);
  const readsArgs = command === 'ADD' || command === 'DEL' || command === 'CHECK';
  return {
    command,
    containerId,
    ifname,
    netns: environment.CNI_NETNS ?? '',
    args: readsArgs ? readArgs(environment.CNI_ARGS ?? '') : new Map(),
  };
}

function isCommand(text: string): text is CniCommand {
  return Object.hasOwn(REQUIRED, text);
}

function checkContainerId(containerId: string): void {
  if (/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(containerId)) return;
  throw invalid('invalid characters in containerID', containerId);
}

function checkInterfaceName(ifname: string): void {
  if (Buffer.byteLength(ifname) > MAX_IFNAME_BYTES) {
    throw invalid('interface name is too long', 'interface name should be less than 16 characters');
  }
  if (ifname === '.' || ifname === '..') throw invalid('interface name is . or ..');
  if (/[/:\s]/.test(ifname)) throw invalid('interface name contains / or : or whitespace characters');
}

/** `K=V;K2=V2`. Unknown keys are kept and ignored. */
function readArgs(text: string): Map<string, string> {
  const args = new Map<string, string>();
  for (const pair of text.split(';')) {
    if (pair === '') continue;
    const match = /^([^=]+)=([^=]+)$/.exec(pair);
    if (!match) throw invalid(`CNI_ARGS has an invalid pair '${pair}': write KEY=VALUE`);
    args.set(match[1] as string, match[2] as string);
  }
  return args;
}

function invalid(message: string, details?: string): CniError {
  return new CniError(CNI_CODE.invalidEnvironment, message, details === undefined ? {} : { details });
}
