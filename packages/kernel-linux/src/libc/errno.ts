import { constants } from 'node:os';
import { KernelError, type KernelErrorCode } from '@margay/ports';
import { libc } from './bindings.ts';

/** Error numbers that callers branch on. Source: the kernel's errno.h. */
export const ERRNO = constants.errno;

/** The failed system call behind a KernelError: its `cause`. */
export class SystemCallError extends Error {
  override readonly name = 'SystemCallError';
  readonly errno: number;

  constructor(errno: number, message: string) {
    super(message);
    this.errno = errno;
  }
}

/** The error number behind a KernelError, when it came from the kernel. */
export function errnoOf(error: unknown): number | undefined {
  return error instanceof KernelError && error.cause instanceof SystemCallError ? error.cause.errno : undefined;
}

/**
 * Wraps an error number. `reason` is the kernel's own sentence (extended
 * acknowledgement), when it gave one.
 */
export function kernelError(errno: number, operation: string, reason?: string): KernelError {
  const text = libc().describeErrno(errno);
  const detail = reason === undefined ? text : `${reason} (${text})`;
  return new KernelError(codeOf(errno), `${operation}: ${detail}`, { cause: new SystemCallError(errno, text) });
}

/** Passes a system call's result on. @throws {KernelError} when it is negative. */
export function checked(result: number, operation: string): number {
  if (result >= 0) return result;
  throw kernelError(libc().errno(), operation);
}

function codeOf(errno: number): KernelErrorCode {
  switch (errno) {
    case ERRNO.EEXIST:
      return 'EXISTS';
    case ERRNO.ENOENT:
    case ERRNO.ESRCH:
    case ERRNO.ENODEV:
    case ERRNO.ENXIO:
    case ERRNO.EADDRNOTAVAIL:
      return 'MISSING';
    case ERRNO.EPERM:
    case ERRNO.EACCES:
      return 'NOT_PERMITTED';
    case ERRNO.EOPNOTSUPP:
    case ERRNO.ENOSYS:
    case ERRNO.EAFNOSUPPORT:
    case ERRNO.EPROTONOSUPPORT:
      return 'UNSUPPORTED';
    default:
      return 'REJECTED';
  }
}
