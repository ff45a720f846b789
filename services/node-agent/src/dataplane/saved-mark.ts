import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** In the state directory. */
export const MARK_FILE = 'firewall.mark';

/** More than any mark has, so that each overwrites all of the one before. */
const WIDTH_BYTES = 128;

/**
 * The mark of the firewall table that this agent wrote last, in `firewall.mark`
 * of the state directory, for its next process. It is overwritten in place and
 * not synced, which takes some 20 µs: a table does not outlive the machine.
 * When it cannot be written it is as if it had not been: the next process
 * cannot tell, and takes the table as it is.
 */
export class SavedMark {
  readonly #path: string;
  /** What the file has; undefined when that is not known. */
  #written: string | undefined;

  constructor(stateDir: string) {
    this.#path = join(stateDir, MARK_FILE);
  }

  /** Undefined when the last process was about to write another table, or left none. */
  load(): string | undefined {
    try {
      return readFileSync(this.#path, 'latin1').trim() || undefined;
    } catch {
      return undefined;
    }
  }

  /** Before the table is changed: a process that ends now leaves a newer one than the mark says. */
  forget(): void {
    this.save('');
  }

  save(mark: string): void {
    if (this.#written === mark) return;
    this.#written = undefined;
    try {
      const file = openSync(this.#path, constants.O_WRONLY | constants.O_CREAT, 0o600);
      try {
        writeSync(file, mark.padEnd(WIDTH_BYTES), 0, 'latin1');
      } finally {
        closeSync(file);
      }
      this.#written = mark;
    } catch {
      // Disk trouble must not keep policy from the kernel.
    }
  }
}
