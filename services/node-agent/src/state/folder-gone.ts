import { mkdir, mkdtemp, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A directory was deleted under this process, and cannot be made again: it is
 * a mount of the container, which the node's own directory of that name has no
 * part in any more. The runtime mounts it anew when the container starts.
 */
export class FolderGoneError extends Error {
  override readonly name = 'FolderGoneError';

  constructor(directory: string, options: ErrorOptions) {
    super(`${directory} was taken away from the node, and has to be mounted again`, options);
  }
}

/**
 * Runs what writes into a directory, which is made if it is not there, with
 * that mode.
 *
 * @throws {FolderGoneError} nothing can be made in it any more
 * @throws what `action` throws, for any other reason
 */
export async function writingInto<T>(directory: string, action: () => Promise<T>, mode = 0o755): Promise<T> {
  await mkdir(directory, { recursive: true, mode });
  try {
    return await action();
  } catch (cause) {
    if (isMissing(cause) && (await isDead(directory))) throw new FolderGoneError(directory, { cause });
    throw cause;
  }
}

export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** It opens, and says that it is a directory, but takes no new name. */
async function isDead(directory: string): Promise<boolean> {
  try {
    await rmdir(await mkdtemp(join(directory, '.new-')));
    return false;
  } catch (error) {
    return isMissing(error);
  }
}
