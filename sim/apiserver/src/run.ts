import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Logger } from '@margay/ports';
import { readTokenFile } from './http/authenticate.ts';
import { createJsonLogger, isLogLevel } from './json-logger.ts';
import type { ApiServerOptions, ListenAddress } from './options.ts';
import { startApiServer } from './start-api-server.ts';

const FLAGS = {
  database: { type: 'string' },
  listen: { type: 'string', multiple: true },
  'listen-fd': { type: 'string', multiple: true },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'client-ca': { type: 'string' },
  'token-file': { type: 'string' },
  'crd-dir': { type: 'string' },
  'log-level': { type: 'string' },
} as const;

/** Runs the server until SIGTERM or SIGINT. A mistake in the options is one line and exit code 2. */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  try {
    const { options, logger } = readOptions(args, env);
    const server = await startApiServer(options);
    logger.info({ port: server.port, database: options.database }, 'the API server is ready');
    await stopSignal();
    logger.info({}, 'the API server stops');
    await server.close();
  } catch (error) {
    process.stderr.write(`apiserver: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof OptionError ? 2 : 1;
  }
}

class OptionError extends Error {
  override readonly name = 'OptionError';
}

function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): { options: ApiServerOptions; logger: Logger } {
  const flags = parse(args);
  /** A flag counts before its environment variable; lists are separated by commas there. */
  const values = (name: keyof typeof FLAGS): string[] => {
    const given = flags[name] ?? env[`MARGAY_${name.replaceAll('-', '_').toUpperCase()}`]?.split(',') ?? [];
    return typeof given === 'string' ? [given] : given;
  };
  const required = (name: keyof typeof FLAGS): string => {
    const [value] = values(name);
    if (value === undefined) throw new OptionError(`--${name} is missing`);
    return value;
  };
  const [clientCa] = values('client-ca');
  const [tokenFile] = values('token-file');
  if (clientCa === undefined && tokenFile === undefined) {
    throw new OptionError('--client-ca or --token-file is missing: without either nobody could use the server');
  }
  const listen = values('listen').map(parseListen);
  const listenFds = values('listen-fd').map(parseFd);
  if (listen.length + listenFds.length === 0) throw new OptionError('--listen or --listen-fd is missing');
  const level = values('log-level')[0] ?? 'info';
  if (!isLogLevel(level)) throw new OptionError(`--log-level ${level} is not one of debug, info, warn, error`);
  const logger = createJsonLogger(level);
  const crdDir = values('crd-dir')[0];
  const options = {
    database: required('database'),
    listen,
    listenFds,
    tls: {
      certificate: readFileSync(required('tls-cert'), 'utf8'),
      privateKey: readFileSync(required('tls-key'), 'utf8'),
      ...(clientCa === undefined ? {} : { clientCa: readFileSync(clientCa, 'utf8') }),
    },
    tokens: tokenFile === undefined ? new Map<string, string>() : readTokenFile(tokenFile),
    ...(crdDir === undefined ? {} : { crdDir }),
    logger,
  };
  return { options, logger };
}

function parse(args: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof FLAGS }>>['values'] {
  try {
    return parseArgs({ args: [...args], options: FLAGS }).values;
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}

function parseListen(text: string): ListenAddress {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:]*)):(\d{1,5})$/.exec(text);
  if (match === null) throw new OptionError(`--listen ${text}: write HOST:PORT`);
  return { host: (match[1] ?? match[2]) || '0.0.0.0', port: Number(match[3]) };
}

function parseFd(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new OptionError(`--listen-fd ${text}: write the number of a file descriptor`);
  return Number(text);
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}
