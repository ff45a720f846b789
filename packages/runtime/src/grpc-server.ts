import { Server, type ServerOptions } from '@grpc/grpc-js';
import { serverCredentials } from './credentials.ts';
import { loadHealthCheck } from './lazy.ts';

/** How long calls under way may go on after a shutdown began, milliseconds. */
export const SHUTDOWN_GRACE_MS = 3_000;

/** What others see of the process's readiness, through gRPC's health protocol. */
export interface Health {
  /** Not ready at first. */
  setReady(ready: boolean): void;
  readonly ready: boolean;
}

const OPTIONS: ServerOptions = {
  // A peer that vanished without a word is noticed within 9 s.
  'grpc.keepalive_time_ms': 5_000,
  'grpc.keepalive_timeout_ms': 4_000,
  'grpc.max_receive_message_length': 16 * 1024 * 1024,
};

export function createGrpcServer(): Server {
  return new Server(OPTIONS);
}

/** Adds `grpc.health.v1.Health` to a server; the empty service name stands for the whole process. */
export function addHealth(server: Server): Health {
  const { HealthImplementation } = loadHealthCheck();
  const implementation = new HealthImplementation({ '': 'NOT_SERVING' });
  implementation.addToServer(server);
  let ready = false;
  return {
    setReady(value) {
      if (value === ready) return;
      ready = value;
      implementation.setStatus('', value ? 'SERVING' : 'NOT_SERVING');
    },
    get ready() {
      return ready;
    },
  };
}

/**
 * Starts to serve on `HOST:PORT` or `unix:PATH`; resolves to the port (0 for a
 * unix socket).
 */
export function listen(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, serverCredentials(), (error, port) => {
      if (error === null) resolve(address.startsWith('unix:') ? 0 : port);
      else reject(new Error(`Cannot listen on ${address}: ${error.message}`, { cause: error }));
    });
  });
}

/** Takes no new calls, and ends those that are not over after `graceMs`. */
export function shutdownServer(server: Server, graceMs = SHUTDOWN_GRACE_MS): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.forceShutdown(), graceMs);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
}
