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

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves `GET /metrics`, and nothing else. */
export async function serveMetrics(metrics: Metrics, { host, port }: HostPort): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path !== '/metrics' || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Only GET /metrics is here.\n');
      return;
    }
    metrics.text().then(
      (text) =>
        response.writeHead(200, { 'content-type': loadPrometheus().Registry.PROMETHEUS_CONTENT_TYPE }).end(text),
      (error: unknown) => response.writeHead(500, { 'content-type': 'text/plain' }).end(`${String(error)}\n`),
    );
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
