import {
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { checked, libc } from '@margay/kernel-linux';

const MS_NOSUID = 2;
const MS_NODEV = 4;
const MS_NOEXEC = 8;
const MS_BIND = 0x1000;
const MS_REC = 0x4000;

/** The host's /proc, which knows every process by the number that the host sees. */
export const HOST_PROC = '/run/host-proc';

/** Folders of a real machine that a node mounts its own over; they need not exist on the host. */
const MACHINE_DIRECTORIES = ['/etc/cni', '/opt/cni', '/var/lib/margay'];

/**
 * Makes the mounts of the simulation, in its own mount namespace: an empty
 * /run with nothing in it but the state directory, a /proc that shows the
 * simulation's processes, and places for the nodes' folders. The host sees
 * none of it.
 *
 * @throws {KernelError}
 */
export function prepareMounts(stateDirectory: string): void {
  hideRun(stateDirectory);
  mkdirSync(HOST_PROC);
  mount({ source: '/proc', target: HOST_PROC, flags: MS_BIND | MS_REC });
  mount({ source: 'proc', target: '/proc', type: 'proc', flags: MS_NOSUID | MS_NODEV | MS_NOEXEC });
  for (const directory of MACHINE_DIRECTORIES) provideDirectory(directory);
}

function hideRun(stateDirectory: string): void {
  const fd = openSync(stateDirectory, 'r');
  mount({ source: 'margay', target: '/run', type: 'tmpfs', flags: MS_NOSUID | MS_NODEV, data: 'mode=755' });
  if (!existsSync(stateDirectory)) mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  // The directory is still reachable through its descriptor, below the new mount.
  mount({ source: `/proc/self/fd/${fd}`, target: stateDirectory, flags: MS_BIND });
}

/** Makes a folder exist without making it on the host: its parent is covered by one that looks the same. */
function provideDirectory(directory: string): void {
  if (existsSync(directory)) return;
  const parent = dirname(directory);
  const layer = join('/run/overlay', parent.replaceAll('/', '.'));
  const lower = join(layer, 'lower');
  for (const name of ['lower', 'upper', 'work']) mkdirSync(join(layer, name), { recursive: true });
  const submounts = mountsBelow(parent);
  mount({ source: parent, target: lower, flags: MS_BIND | MS_REC });
  if (tryOverlay(parent, layer)) {
    for (const path of submounts) {
      mount({ source: join(lower, path.slice(parent.length)), target: path, flags: MS_BIND });
    }
  } else {
    coverByEntries(parent, lower);
  }
  mkdirSync(join(parent, basename(directory)));
}

/** An overlay whose upper layer is in memory. Refused to an ordinary user where something is mounted below the folder. */
function tryOverlay(parent: string, layer: string): boolean {
  const data = `lowerdir=${parent},upperdir=${layer}/upper,workdir=${layer}/work`;
  const overlay = { source: 'margay', target: parent, type: 'overlay', flags: 0 };
  // Inside a user namespace the overlay may keep its marks only in user attributes.
  return tryMount({ ...overlay, data: `${data},userxattr` }) || tryMount({ ...overlay, data });
}

/** A folder in memory, into which each entry of `lower` is mounted. */
function coverByEntries(parent: string, lower: string): void {
  const mode = (statSync(lower).mode & 0o7777).toString(8);
  mount({ source: 'margay', target: parent, type: 'tmpfs', flags: MS_NOSUID | MS_NODEV, data: `mode=${mode}` });
  for (const entry of readdirSync(lower, { withFileTypes: true })) {
    const source = join(lower, entry.name);
    const target = join(parent, entry.name);
    if (entry.isSymbolicLink()) {
      symlinkSync(readlinkSync(source), target);
      continue;
    }
    if (entry.isDirectory()) mkdirSync(target);
    else writeFileSync(target, '');
    mount({ source, target, flags: MS_BIND | MS_REC });
  }
}

/** Mount points below a folder, such as /etc/resolv.conf in a container. */
function mountsBelow(directory: string): string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const points = lines.map((line) => line.split(' ')[4] ?? '').map(plainPath);
  return [...new Set(points.filter((point) => point.startsWith(`${directory}/`)))];
}

/** Spaces and their like are octal in mountinfo. Source: proc(5). */
function plainPath(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

interface Mount {
  readonly source: string;
  readonly target: string;
  readonly type?: string;
  readonly flags: number;
  readonly data?: string;
}

function mount(options: Mount): void {
  const { source, target, type = null, flags, data = null } = options;
  checked(libc().mount(source, target, type, flags, data), `mount ${target}`);
}

function tryMount(options: Mount): boolean {
  const { source, target, type = null, flags, data = null } = options;
  return libc().mount(source, target, type, flags, data) === 0;
}
