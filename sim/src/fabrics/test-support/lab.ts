import { execFileSync } from 'node:child_process';
import { namespacePath } from '../places.ts';

/** Hides /run until disposed, so that the names of namespaces are not the host's. */
export function hideRun(): Disposable {
  execFileSync('mount', ['-n', '-t', 'tmpfs', 'margay-test', '/run']);
  return { [Symbol.dispose]: () => execFileSync('umount', ['-n', '--lazy', '/run']) };
}

/** What a command prints in a namespace of the fabric. */
export function inside(namespace: string, ...command: string[]): string {
  return execFileSync('nsenter', [`--net=${namespacePath(namespace)}`, '--', ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

export function pings(from: string, to: string, ...options: string[]): boolean {
  try {
    inside(from, 'ping', '-c', '1', '-W', '1', ...options, to);
    return true;
  } catch {
    return false;
  }
}
