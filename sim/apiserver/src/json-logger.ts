import type { Logger } from '@margay/ports';

const LEVELS = { debug: 20, info: 30, warn: 40, error: 50 } as const;

export type LogLevel = keyof typeof LEVELS;

export function isLogLevel(text: string): text is LogLevel {
  return Object.hasOwn(LEVELS, text);
}

/**
 * Writes one JSON object a line to stdout, in the form that pino gives the
 * other services' logs; pino itself would double this server's time to start.
 */
export function createJsonLogger(least: LogLevel, context: object = {}): Logger {
  const write = (level: LogLevel, fields: object, message: string): void => {
    if (LEVELS[level] < LEVELS[least]) return;
    const entry = {
      level: LEVELS[level],
      time: Date.now(),
      pid: process.pid,
      name: 'apiserver',
      ...context,
      ...fields,
      msg: message,
    };
    process.stdout.write(`${JSON.stringify(entry, errorsAsObjects)}\n`);
  };
  return {
    debug: (fields, message) => write('debug', fields, message),
    info: (fields, message) => write('info', fields, message),
    warn: (fields, message) => write('warn', fields, message),
    error: (fields, message) => write('error', fields, message),
    child: (fields) => createJsonLogger(least, { ...context, ...fields }),
  };
}

function errorsAsObjects(_key: string, value: unknown): unknown {
  return value instanceof Error ? { type: value.name, message: value.message, stack: value.stack } : value;
}
