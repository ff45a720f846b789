import { readFileSync, writeFileSync } from 'node:fs';
import { KernelError, type Sysctls } from '@margay/ports';

/**
 * The file of a kernel setting. As in sysctl(8), the first separator decides:
 * `net.ipv4.ip_forward`, or `net/ipv4/conf/margay.ipip/rp_filter` where a part
 * holds a dot; in the dotted form a slash stands for such a dot.
 *
 * @throws {KernelError} `REJECTED`
 */
export function sysctlPath(name: string): string {
  const slashed = name.search(/[./]/) === -1 || name[name.search(/[./]/)] === '/';
  const parts = slashed ? name.split('/') : name.split('.').map((part) => part.replaceAll('/', '.'));
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))) {
    throw new KernelError('REJECTED', `'${name}' is no kernel setting: write it as net.ipv4.ip_forward`);
  }
  return `/proc/sys/${parts.join('/')}`;
}

/** Synchronous: the calling thread's network namespace decides which setting is meant. @throws {KernelError} */
export function readSysctl(name: string): string {
  const path = sysctlPath(name);
  return translate(`read ${name}`, () => readFileSync(path, 'utf8').trimEnd());
}

/** Synchronous, like `readSysctl`. @throws {KernelError} */
export function writeSysctl(name: string, value: string): void {
  const path = sysctlPath(name);
  translate(`set ${name} to ${value}`, () => writeFileSync(path, value, { flag: 'r+' }));
}

/** Settings of the namespace that the calling thread is in. */
export class LinuxSysctls implements Sysctls {
  async read(name: string): Promise<string> {
    return readSysctl(name);
  }

  async write(name: string, value: string): Promise<void> {
    writeSysctl(name, value);
  }
}

function translate<T>(operation: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new KernelError(missing ? 'MISSING' : 'REJECTED', `${operation}: ${missing ? 'no such setting' : message}`, {
      cause: error,
    });
  }
}
