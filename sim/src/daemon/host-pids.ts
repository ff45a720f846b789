import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { HOST_PROC } from './mounts.ts';

/**
 * The numbers that the host sees of processes in this PID namespace, found in
 * the host's own /proc: `NSpid` there lists a process's number in every
 * namespace, the host's first. Numbers do not change while a process lives, so
 * each is looked up once.
 */
export class HostPids {
  readonly #known = new Map<number, number>();

  /** 0 when the process is gone. */
  of(pid: number): number {
    if (pid === process.pid) return Number(readlinkSync(`${HOST_PROC}/self`));
    const known = this.#known.get(pid);
    if (known !== undefined && this.#pidInside(known) === pid) return known;
    this.#known.delete(pid);
    for (const candidate of this.#candidates()) {
      const inside = this.#pidInside(candidate);
      if (inside !== undefined) this.#known.set(inside, candidate);
      if (inside === pid) return candidate;
    }
    return 0;
  }

  /** Children of this process, from the kernel's list where it has one; else every process there is. */
  #candidates(): number[] {
    try {
      const self = readlinkSync(`${HOST_PROC}/self`);
      const children = readFileSync(`${HOST_PROC}/${self}/task/${self}/children`, 'utf8');
      return children.trim().split(/\s+/).map(Number);
    } catch {
      return readdirSync(HOST_PROC)
        .filter((name) => /^[0-9]+$/.test(name))
        .map(Number);
    }
  }

  #pidInside(hostPid: number): number | undefined {
    try {
      const status = readFileSync(`${HOST_PROC}/${hostPid}/status`, 'utf8');
      const numbers = /^NSpid:\s*(.*)$/m.exec(status)?.[1]?.split(/\s+/).map(Number) ?? [];
      // Its own namespace is one below the host's, or it is none of ours.
      return numbers.length > 1 ? numbers.at(-1) : undefined;
    } catch {
      return undefined;
    }
  }
}
