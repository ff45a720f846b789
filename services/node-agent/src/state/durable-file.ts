import { open, rename } from 'node:fs/promises';

/**
 * Writes a file so that a reader sees the old content or the new, never a part,
 * also after a crash of the machine. The rename itself may be lost in such a
 * crash: then the pods of that moment are gone as well.
 */
export async function writeDurably(path: string, content: string): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
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
