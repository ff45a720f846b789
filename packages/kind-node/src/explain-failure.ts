import { KindError, type KindErrorCode } from './kind-error.ts';

interface Known {
  readonly pattern: RegExp;
  readonly code: KindErrorCode;
  readonly remedy: string;
}

/** What kind 0.33 and Docker 20 to 28 print; the first that fits wins. */
const KNOWN: readonly Known[] = [
  {
    pattern: /"docker": executable file not found/,
    code: 'DOCKER_MISSING',
    remedy: 'Install Docker, or put it on the PATH.',
  },
  {
    pattern: /cannot connect to the docker daemon|is the docker daemon running/i,
    code: 'DOCKER_UNREACHABLE',
    remedy: 'Start Docker, or set DOCKER_HOST to a daemon that runs; `docker info` shows whether it answers.',
  },
  {
    pattern: /permission denied while trying to connect to the docker/i,
    code: 'DOCKER_UNREACHABLE',
    remedy: "Join the group that owns Docker's socket, or run as a user who may use it.",
  },
  {
    pattern: /already exist for a cluster with the name|is already in use by container/,
    code: 'NAME_TAKEN',
    remedy: 'Choose another name, or delete that cluster with `kind delete cluster --name NAME`.',
  },
  {
    pattern: /port is already allocated|address already in use/i,
    code: 'PORT_TAKEN',
    remedy: 'Choose another hostPort, or leave it out and let Docker choose.',
  },
  {
    pattern: /not present locally|failed to pull image|no such image|pull access denied/i,
    code: 'IMAGE_MISSING',
    remedy: 'Pull or build the image first; `docker images` lists what is there.',
  },
  {
    pattern: /^ERROR: stat .*: no such file or directory/m,
    code: 'IMAGE_MISSING',
    remedy: 'Check the path; `docker save IMAGE -o FILE` writes such an archive.',
  },
  {
    pattern: /unable to decode config|invalid configuration|not a valid cluster name/i,
    code: 'BAD_CONFIG',
    remedy: "Compare the configuration with kind's own documentation of it.",
  },
  {
    pattern: /network \S+ not found|no such network/i,
    code: 'NETWORK_MISSING',
    remedy: 'Make the network first with `docker network create`.',
  },
  {
    pattern: /could not locate any control plane nodes|no such container/i,
    code: 'CLUSTER_MISSING',
    remedy: 'Somebody else removed it; `kind get clusters` lists what is there. Start it again.',
  },
  {
    pattern: /is not running|is paused|is restarting/i,
    code: 'COMMAND_FAILED',
    remedy: 'Start or resume the node first.',
  },
  {
    pattern: /too many open files|inotify/i,
    code: 'CREATE_FAILED',
    remedy: 'Raise the sysctls fs.inotify.max_user_instances and fs.inotify.max_user_watches.',
  },
  {
    pattern: /no space left on device/i,
    code: 'COMMAND_FAILED',
    remedy: "Free space on Docker's disk, for example with `docker image prune`.",
  },
];

export interface Failure {
  /** What was being done, as the subject of a sentence: `kind create cluster`. */
  readonly doing: string;
  readonly output: string;
  /** When the output is not known. */
  readonly code: KindErrorCode;
  readonly remedy: string;
}

/** Turns what kind or Docker printed into an error with the cause in one line and the remedy at the end. */
export function explainFailure({ doing, output, code, remedy }: Failure): KindError {
  const known = KNOWN.find(({ pattern }) => pattern.test(output));
  const message = `${doing} failed: ${asSentence(causeLine(output))} ${known?.remedy ?? remedy}`;
  return new KindError(known?.code ?? code, message, { output });
}

/** kind's own ERROR line, else Docker's, else the last one. */
function causeLine(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const line = lines.find((text) => text.startsWith('ERROR: ')) ?? lines.findLast((text) => /error/i.test(text));
  const cause = line ?? lines.at(-1) ?? 'it printed nothing';
  return cause
    .trim()
    .replace(/^ERROR: /, '')
    .slice(0, 400);
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
