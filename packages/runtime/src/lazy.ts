import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

// Together these take 100 ms to load. Each is loaded at its first use, so that
// a command which only needs a clock or credentials does not wait for them.

export const loadPino = (): typeof import('pino') => require('pino') as typeof import('pino');

export const loadPrometheus = (): typeof import('prom-client') =>
  require('prom-client') as typeof import('prom-client');

export const loadHealthCheck = (): typeof import('grpc-health-check') =>
  require('grpc-health-check') as typeof import('grpc-health-check');
