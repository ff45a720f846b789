import type { Logger } from '@margay/ports';
import { loadPino } from './lazy.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  /** Becomes the field `service` of every line. */
  readonly name: string;
  readonly level?: LogLevel;
  /** File descriptor; 2, standard error, by default. */
  readonly fd?: number;
}

/** One JSON object a line, written before the call returns, so that the last words of a process are never lost. */
export function createLogger({ name, level = 'info', fd = 2 }: LoggerOptions): Logger {
  const { destination, pino, stdTimeFunctions } = loadPino();
  return pino(
    {
      level,
      base: { service: name },
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination({ fd, sync: true }),
  );
}
