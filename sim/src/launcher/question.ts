import { SimError } from '../error.ts';
import {
  DEFAULT_MODE,
  DEFAULT_NODES,
  DEFAULT_PODS_PER_NODE,
  defaultTopology,
  MAX_NODES,
  MAX_PODS_PER_NODE,
  type Mode,
  parseTopology,
  readMode,
  readProfile,
  type Topology,
  TopologyError,
} from '../topology/index.ts';
import type { UpRequest } from './types.ts';

/** Names become a directory's: short, so that the paths of its sockets fit (107 bytes). */
export function checkName(name: string): void {
  if (!/^[a-z0-9](?:[-a-z0-9]{0,30}[a-z0-9])?$/.test(name)) {
    throw new SimError(
      'BAD_QUESTION',
      `'${name}' cannot be the name of a simulation: use at most 32 small letters, digits and '-', starting and ending with a letter or digit`,
    );
  }
}

export interface Wanted {
  readonly topology: Topology;
  /** True where the user asked for the mode, by option or in the topology. */
  readonly modeWasAsked: boolean;
}

/** @throws {SimError} `BAD_QUESTION`, one problem a line. */
export function readQuestion(request: UpRequest): Wanted {
  if (request.profile !== undefined) refuse(readProfile(request.profile));
  const mode = request.mode === undefined ? undefined : modeOf(request.mode);
  checkCount('--nodes', request.nodes, 1, MAX_NODES);
  checkCount('--pods-per-node', request.podsPerNode, 0, MAX_PODS_PER_NODE);
  if (request.topology === undefined) {
    const { nodes = DEFAULT_NODES, podsPerNode = DEFAULT_PODS_PER_NODE } = request;
    return {
      topology: defaultTopology({ nodes, podsPerNode, mode: mode ?? DEFAULT_MODE }),
      modeWasAsked: mode !== undefined,
    };
  }
  if (request.nodes !== undefined) {
    throw new SimError('BAD_QUESTION', `${request.topology.file} lists the nodes: leave --nodes out`);
  }
  const { text, file } = request.topology;
  const overrides = {
    ...(mode !== undefined && { mode }),
    ...(request.podsPerNode !== undefined && { podsPerNode: request.podsPerNode }),
  };
  try {
    const topology = parseTopology(text, file, overrides);
    return { topology, modeWasAsked: mode !== undefined || /^mode\s*:/m.test(text) };
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error;
    throw new SimError('BAD_QUESTION', error.message, { cause: error });
  }
}

/** The same topology with packets that cross the fabric as they are. */
export function inDirectMode(topology: Topology): Topology {
  return {
    ...topology,
    mode: 'direct',
    pools: topology.pools.map((pool) => ({ ...pool, ipipMode: 'Never', natOutgoing: false })),
  };
}

function modeOf(text: string): Mode {
  const read = readMode(text);
  if ('refusal' in read) throw new SimError('BAD_QUESTION', `--mode: ${read.refusal}`);
  return read.mode;
}

function refuse(read: ReturnType<typeof readProfile>): void {
  if ('refusal' in read) throw new SimError('BAD_QUESTION', `--profile: ${read.refusal}`);
}

function checkCount(option: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return;
  throw new SimError('BAD_QUESTION', `${option}: must be a whole number from ${min} to ${max}, not '${value}'`);
}
