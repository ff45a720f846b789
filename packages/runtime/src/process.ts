import type { Server } from '@grpc/grpc-js';
import type { Clock, Logger } from '@margay/ports';
import { systemClock } from './clock.ts';
import { addHealth, createGrpcServer, type Health, listen, SHUTDOWN_GRACE_MS, shutdownServer } from './grpc-server.ts';
import { parseHostPort } from './host-port.ts';
import { createLogger, LOG_LEVELS, type LogLevel } from './logger.ts';
import { createMetrics, type Metrics, serveMetrics } from './metrics.ts';
import { helpText, OptionError, type OptionSpecs, type OptionValues, parseOptions } from './options.ts';

/** What every process is asked with. */
export const COMMON_OPTIONS = {
  'log-level': { help: 'How much to log.', value: 'LEVEL', default: 'info', choices: LOG_LEVELS },
  listen: { help: 'Where to serve gRPC and its health protocol.', value: 'HOST:PORT' },
  'metrics-listen': {
    help: 'Where to serve HTTP: Prometheus metrics at /metrics, /healthz (the process lives), /readyz (it is ready); not given: nowhere.',
    value: 'HOST:PORT',
    optional: true,
  },
} as const satisfies OptionSpecs;

type CommonOptions = typeof COMMON_OPTIONS;

export interface ProcessSpec<O extends OptionSpecs> {
  /** As in the log, such as `ipam`. */
  readonly name: string;
  /** One sentence for `--help`. */
  readonly description: string;
  /** Besides COMMON_OPTIONS. */
  readonly options: O;
}

export interface ProcessContext<O extends OptionSpecs> {
  readonly options: OptionValues<O & CommonOptions>;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Takes services until `start` has returned; then it listens. */
  readonly server: Server;
  readonly health: Health;
  /** Aborts when the process is told to end. */
  readonly signal: AbortSignal;
  /**
   * Hands over work that goes on after `start` has returned. It must end when
   * the signal aborts; a failure before that ends the process with code 3.
   */
  background(name: string, work: Promise<void>): void;
}

const EXIT_BAD_OPTIONS = 2;
const EXIT_FAILED = 3;

/**
 * The whole life of a service process: options, logs, metrics, health, gRPC
 * server, and a clean end on SIGTERM or SIGINT (exit 0; a second signal ends
 * it at once). `start` wires the service and returns; the server listens from
 * then on. Wrong options exit with 2 and one sentence; a failure with 3 and
 * one line in the log.
 */
export async function runProcess<const O extends OptionSpecs>(
  spec: ProcessSpec<O>,
  start: (context: ProcessContext<O>) => Promise<void> | void,
): Promise<void> {
  const options = readOptions(spec);
  const common: OptionValues<CommonOptions> = options;
  const logger = createLogger({ name: spec.name, level: common.logLevel as LogLevel });
  const running = new Running(logger);
  try {
    const metrics = createMetrics({ processMetrics: true });
    const server = createGrpcServer();
    const health = addHealth(server);
    running.onShutdown(async () => {
      health.setReady(false);
      await shutdownServer(server);
    });
    const address = listenAddress(common.listen);
    let metricsPort: number | undefined;
    if (common.metricsListen !== undefined) {
      const metricsServer = await serveMetrics(metrics, parseHostPort(common.metricsListen, 'metrics-listen'), health);
      metricsPort = metricsServer.port;
      running.onShutdown(() => metricsServer.close());
    }
    await start({
      options,
      logger,
      clock: systemClock,
      metrics,
      server,
      health,
      signal: running.signal,
      background: (name, work) => running.background(name, work),
    });
    if (running.signal.aborted) return;
    const port = await listen(server, address);
    logger.info({ address, port, ...(metricsPort !== undefined && { metricsPort }) }, 'Started');
  } catch (error) {
    if (running.signal.aborted) return;
    if (error instanceof OptionError) failOptions(error);
    running.fail(error, 'Cannot start');
  }
}

function readOptions<O extends OptionSpecs>(spec: ProcessSpec<O>): OptionValues<O & CommonOptions> {
  const specs = { ...spec.options, ...COMMON_OPTIONS };
  const argv = process.argv.slice(2);
  if (argv.includes('--help')) {
    process.stdout.write(helpText(`margay ${spec.name}`, spec.description, specs));
    process.exit(0);
  }
  try {
    return parseOptions(specs, { argv, env: process.env });
  } catch (error) {
    if (error instanceof OptionError) failOptions(error);
    throw error;
  }
}

function failOptions({ message }: OptionError): never {
  process.stderr.write(`${message}\n`);
  process.exit(EXIT_BAD_OPTIONS);
}

function listenAddress(text: string): string {
  if (!text.startsWith('unix:')) parseHostPort(text, 'listen');
  return text;
}

/** What runs, and how it ends. */
class Running {
  readonly #logger: Logger;
  readonly #controller = new AbortController();
  readonly #work = new Set<Promise<void>>();
  readonly #closers: (() => Promise<void>)[] = [];

  constructor(logger: Logger) {
    this.#logger = logger;
    for (const name of ['SIGTERM', 'SIGINT'] as const) {
      process.on(name, () => void this.#end(name));
    }
    process.on('uncaughtException', (error) => this.fail(error, 'Unexpected failure'));
    process.on('unhandledRejection', (error) => this.fail(error, 'Unexpected failure'));
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  onShutdown(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  background(name: string, work: Promise<void>): void {
    const guarded = work
      .catch((error: unknown) => {
        if (!this.signal.aborted) this.fail(error, `${name} failed`);
      })
      .finally(() => this.#work.delete(guarded));
    this.#work.add(guarded);
  }

  fail(error: unknown, message: string): never {
    const { message: reason, stack } = error instanceof Error ? error : new Error(String(error));
    this.#logger.error({ reason, stack }, message);
    process.exit(EXIT_FAILED);
  }

  async #end(name: string): Promise<void> {
    if (this.signal.aborted) process.exit(0);
    this.#logger.info({ signal: name }, 'Stopping');
    this.#controller.abort(new DOMException('The process is stopping', 'AbortError'));
    const ended = Promise.allSettled([...this.#work, ...this.#closers.map((close) => close())]);
    // A little more than the server's own limit, so that work which hangs cannot hold the process.
    const limit = new Promise((resolve) => setTimeout(resolve, SHUTDOWN_GRACE_MS + 500));
    await Promise.race([ended, limit]);
    this.#logger.info({}, 'Stopped');
    process.exit(0);
  }
}
