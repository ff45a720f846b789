import { status } from '@grpc/grpc-js';

/** The gRPC status codes that Margay answers with, by name. */
export type StatusName = Exclude<keyof typeof status, number>;

/** A call that failed, as its client sees it. Branch on `status`; `message` is the server's sentence. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly status: StatusName;

  constructor(statusName: StatusName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = statusName;
  }
}

/** What grpc-js takes as the failure of a call. */
export interface StatusObject {
  readonly code: status;
  readonly details: string;
}

/**
 * An error as a call's status: a CallError as it says, an error whose `code`
 * is in `table` as the table says, a message that cannot be decoded as
 * INVALID_ARGUMENT, an abort as CANCELLED, all else as INTERNAL. The table is
 * one package's whole code union, so that a new code must be placed.
 */
export function toServiceError(error: unknown, table: Readonly<Record<string, StatusName>> = {}): StatusObject {
  const details = error instanceof Error ? error.message : String(error);
  return { code: status[statusName(error, table)], details };
}

function statusName(error: unknown, table: Readonly<Record<string, StatusName>>): StatusName {
  if (error instanceof CallError) return error.status;
  if (!(error instanceof Error)) return 'INTERNAL';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code !== undefined && Object.hasOwn(table, code)) return table[code] ?? 'INTERNAL';
  if (error.name === 'WireError' && code === 'BAD_MESSAGE') return 'INVALID_ARGUMENT';
  if (error.name === 'AbortError') return 'CANCELLED';
  return 'INTERNAL';
}

/** The status of a failed call; UNKNOWN for an error that no call made. */
export function statusOf(error: unknown): StatusName {
  if (error instanceof CallError) return error.status;
  if (error instanceof Error && 'code' in error && typeof error.code === 'number') {
    return nameOfStatus(error.code);
  }
  return 'UNKNOWN';
}

export function nameOfStatus(code: number): StatusName {
  return (status[code] as StatusName | undefined) ?? 'UNKNOWN';
}
