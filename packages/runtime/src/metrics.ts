import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  Counter,
  CounterConfiguration,
  Gauge,
  GaugeConfiguration,
  Histogram,
  HistogramConfiguration,
} from 'prom-client';
import type { HostPort } from './host-port.ts';
import { loadPrometheus } from './lazy.ts';

/** The metrics of one process. Names start with `margay_` and end in their unit. */
export interface Metrics {
  counter<L extends string = never>(configuration: MetricConfiguration<CounterConfiguration<L>>): Counter<L>;
  gauge<L extends string = never>(configuration: MetricConfiguration<GaugeConfiguration<L>>): Gauge<L>;
  histogram<L extends string = never>(configuration: MetricConfiguration<HistogramConfiguration<L>>): Histogram<L>;
  /** Prometheus text format. */
  text(): Promise<string>;
}

type MetricConfiguration<C> = Omit<C, 'registers'>;

export interface MetricsOptions {
  /** Also those of the process itself (CPU, memory, event loop, garbage collection). */
  readonly processMetrics?: boolean;
}

export function createMetrics({ processMetrics = false }: MetricsOptions = {}): Metrics {
  const { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } = loadPrometheus();
  const register = new Registry();
  if (processMetrics) collectDefaultMetrics({ register });
  const registers = [register];
  return {
    counter: (configuration) => new Counter({ ...configuration, registers } as CounterConfiguration<never>),
    gauge: (configuration) => new Gauge({ ...configuration, registers } as GaugeConfiguration<never>),
    histogram: (configuration) => new Histogram({ ...configuration, registers } as HistogramConfiguration<never>),
    text: () => register.metrics(),
  };
}

/** What the process says of itself over HTTP. */
export interface HttpHealth {
  readonly ready: boolean;
}

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

const TEXT = { 'content-type': 'text/plain' };

/**
 * Serves `GET /metrics`, and beside it what a kubelet asks: `/healthz` (200
 * while the process answers at all) and `/readyz` (200 when it is ready, else
 * 503). Nothing else.
 */
export async function serveMetrics(
  metrics: Metrics,
  { host, port }: HostPort,
  health: HttpHealth,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const path = request.method === 'GET' || request.method === 'HEAD' ? request.url?.split('?')[0] : undefined;
    if (path === '/healthz') {
      response.writeHead(200, TEXT).end('ok\n');
    } else if (path === '/readyz') {
      if (health.ready) response.writeHead(200, TEXT).end('ready\n');
      else response.writeHead(503, TEXT).end('not ready; the log says what is missing\n');
    } else if (path === '/metrics') {
      metrics.text().then(
        (text) =>
          response.writeHead(200, { 'content-type': loadPrometheus().Registry.PROMETHEUS_CONTENT_TYPE }).end(text),
        (error: unknown) => response.writeHead(500, TEXT).end(`${String(error)}\n`),
      );
    } else {
      response.writeHead(404, TEXT).end('Only GET /metrics, /healthz and /readyz are here.\n');
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
