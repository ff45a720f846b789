import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CrdLifecycle } from './crd/crd-lifecycle.ts';
import { loadCrds } from './crd/load-crds.ts';
import { Authenticator } from './http/authenticate.ts';
import type { ServerContext } from './http/exchange.ts';
import { createRequestHandler } from './http/request-handler.ts';
import { BUILT_IN_RESOURCES } from './kinds/index.ts';
import { OpenApiDocuments } from './openapi/openapi-documents.ts';
import type { ApiServerOptions, ListenAddress } from './options.ts';
import { createInitialNamespaces, NamespaceLifecycle } from './registry/namespace-lifecycle.ts';
import { ResourceCatalog } from './registry/resource-catalog.ts';
import { ObjectStore } from './storage/object-store.ts';
import { WatchHub } from './watch/watch-hub.ts';

export interface ApiServer {
  /** The port of the first listener. */
  readonly port: number;
  /** Ends all watches, then the server; the database is closed when it resolves. */
  close(): Promise<void>;
}

const DEFAULT_CRD_DIR = join(import.meta.dirname, '../../../deploy/chart/crds');
const DEFAULT_HISTORY_LENGTH = 20_000;
const DEFAULT_BOOKMARK_INTERVAL_MS = 60_000;
const DEFAULT_VERSION_WAIT_MS = 3_000;

/** Longer than clients keep idle connections, so that none meets a connection that is just being closed. */
const KEEP_ALIVE_MS = 120_000;

/** Opens the database and serves it. @throws {Error} the database, a manifest or a listener cannot be used */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const context = openContext(options);
  const handler = createRequestHandler({
    context,
    authenticator: new Authenticator(options.tokens ?? new Map()),
    openApi: new OpenApiDocuments(context.catalog),
    onInternalError: (error, { method, url }) => {
      options.logger?.error({ err: error, method, url }, 'a request failed inside the server');
    },
  });
  const listeners = [...(options.listen ?? []), ...(options.listenFds ?? [])];
  const servers: Server[] = [];
  const close = async (): Promise<void> => {
    for (const end of context.openWatches) end();
    await Promise.all(servers.map(closeServer));
    context.store.close();
  };
  try {
    for (const listener of listeners) {
      const server = createServer(options);
      server.keepAliveTimeout = KEEP_ALIVE_MS;
      server.on('request', handler);
      servers.push(server);
      await listen(server, listener);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { port: (servers[0]?.address() as AddressInfo | null)?.port ?? 0, close };
}

function openContext(options: ApiServerOptions): ServerContext {
  const store = new ObjectStore({
    file: options.database,
    historyLength: options.historyLength ?? DEFAULT_HISTORY_LENGTH,
  });
  const context: ServerContext = {
    store,
    catalog: new ResourceCatalog(BUILT_IN_RESOURCES),
    now: options.now ?? Date.now,
    hub: new WatchHub(),
    openWatches: new Set(),
    bookmarkIntervalMs: options.bookmarkIntervalMs ?? DEFAULT_BOOKMARK_INTERVAL_MS,
    versionWaitMs: options.versionWaitMs ?? DEFAULT_VERSION_WAIT_MS,
  };
  try {
    const crds = new CrdLifecycle(context);
    store.onChange((change) => crds.onChange(change));
    loadCrds(context, options.crdDir ?? DEFAULT_CRD_DIR);
    createInitialNamespaces(context);
    const namespaces = new NamespaceLifecycle(context);
    store.onChange((change) => {
      context.hub.publish(change);
      namespaces.onChange(change);
    });
  } catch (error) {
    store.close();
    throw error;
  }
  return context;
}

function createServer({ tls }: ApiServerOptions): Server {
  if (tls === undefined) return createHttpServer();
  const { certificate, privateKey, clientCa } = tls;
  return createHttpsServer({
    cert: certificate,
    key: privateKey,
    ...(clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: false }),
  });
}

function listen(server: Server, listener: ListenAddress | number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(typeof listener === 'number' ? { fd: listener } : listener, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // Requests in flight end by themselves; a client that keeps one open does not hold up the server.
    setTimeout(() => server.closeAllConnections(), 500).unref();
  });
}
