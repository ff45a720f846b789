import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file so that a reader sees the old content or the new, never a part,
 * also after a crash of the machine. The rename itself may be lost in such a
 * crash; `writeDurablySync` makes that durable too.
 */
export async function writeDurably(path: string, content: string): Promise<void> {
  const draft = draftOf(path);
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

/** The same; on return the new content is there for good. */
export function writeDurablySync(path: string, content: string): void {
  const draft = draftOf(path);
  const fd = openSync(draft, 'w', 0o600);
  try {
    writeSync(fd, content);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, path);
  syncDirectory(dirname(path));
}

/** On return the file is gone for good. No error when it is gone already. */
export function removeDurablySync(path: string): void {
  rmSync(path, { force: true });
  syncDirectory(dirname(path));
}

/**
 * One file that always gets the latest content: however many ask while a write
 * is under way, one more write serves them all.
 */
export class DurableFile {
  readonly #path: string;
  readonly #content: () => string;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor({ path, content }: { readonly path: string; readonly content: () => string }) {
    this.#path = path;
    this.#content = content;
  }

  /** Resolves once content not older than this call is on the disk. Rejects with the system's error. */
  save(): Promise<void> {
    this.#next ??= this.#writeAfter(this.#running);
    return this.#next;
  }

  async #writeAfter(previous: Promise<void> | undefined): Promise<void> {
    // A failed write is its own callers' affair; this one tries again.
    await (previous ?? Promise.resolve()).catch(() => undefined);
    this.#next = undefined;
    const write = writeDurably(this.#path, this.#content());
    this.#running = write;
    try {
      await write;
    } finally {
      if (this.#running === write) this.#running = undefined;
    }
  }
}

/** A crash may leave it; no reader looks at it. */
function draftOf(path: string): string {
  return `${path}.new`;
}

function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
