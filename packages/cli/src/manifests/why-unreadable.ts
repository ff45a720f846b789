/** Why a file cannot be read, in a few words for people; `error` is what `node:fs` threw. */
export function whyUnreadable(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'is a directory, not a file';
    case 'ENOTDIR':
      return 'a part of the path is a file, not a directory';
    case 'EACCES':
    case 'EPERM':
      return 'you may not read it';
    default:
      return `cannot be read (${code ?? 'unknown error'})`;
  }
}
