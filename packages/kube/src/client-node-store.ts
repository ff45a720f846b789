import type { HttpLibrary, HttpMethod, KubeConfig, RequestContext } from '@kubernetes/client-node';
import type { ResourceStore } from '@margay/ports';
import type { ApiOptions, InCluster } from './api-access.ts';
import { KubeError } from './error.ts';
import { readInCluster, SERVICE_ACCOUNT_FOLDER } from './in-cluster.ts';
import { createRestStore } from './rest/create-rest-store.ts';
import { retryAfterOf, type Transport, type TransportRequest, type TransportResponse } from './rest/transport.ts';

type Library = typeof import('@kubernetes/client-node');

/**
 * How long the result of authentication is used, milliseconds. The client
 * makes a new connection pool whenever it is asked to authenticate a request;
 * but tokens in files are replaced now and then, so that it must be asked.
 */
const AUTHENTICATION_MS = 60_000;

/**
 * The store over the official Kubernetes client: its kubeconfig (with every
 * way to authenticate) and its HTTP. The client's typed calls are not used,
 * since they drop fields that they do not know and turn times into dates. It
 * is imported here only, since it takes 400 ms and 80 MB.
 *
 * @throws {KubeError} `BAD_KUBECONFIG`
 */
export async function createClientNodeStore(options: ApiOptions): Promise<ResourceStore> {
  const { kubeconfig, inCluster } = options;
  const library = await import('@kubernetes/client-node');
  const config = new library.KubeConfig();
  const { server, token } = kubeconfig === undefined ? loadInCluster(config, inCluster) : loadFile(config, kubeconfig);
  const transport = new ClientNodeTransport({
    library,
    config,
    server: server.replace(/\/+$/, ''),
    ...(token && { token }),
  });
  return createRestStore(transport, options);
}

interface Place {
  readonly server: string;
  /** Set where the token is ours to read, not the client's. */
  readonly token?: () => string | undefined;
}

function loadFile(config: KubeConfig, file: string): Place {
  try {
    config.loadFromFile(file);
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0] ?? '';
    throw new KubeError('BAD_KUBECONFIG', `Cannot read the kubeconfig ${file}: ${reason}`, { cause: error });
  }
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new KubeError('BAD_KUBECONFIG', `${file}: the current context names no cluster`);
  return { server };
}

/** The token is read here, for each request: the client would keep one that was replaced for a minute. */
function loadInCluster(config: KubeConfig, place: InCluster = {}): Place {
  const { server, token } = readInCluster(place);
  const folder = `${place.root ?? ''}${SERVICE_ACCOUNT_FOLDER}`;
  config.loadFromOptions({
    clusters: [{ name: 'own', server, caFile: `${folder}/ca.crt`, skipTLSVerify: false }],
    users: [{ name: 'own' }],
    contexts: [{ name: 'own', cluster: 'own', user: 'own' }],
    currentContext: 'own',
  });
  return { server, token };
}

class ClientNodeTransport implements Transport {
  readonly #library: Library;
  readonly #config: KubeConfig;
  readonly #server: string;
  readonly #http: HttpLibrary;
  readonly #token: (() => string | undefined) | undefined;
  #authenticated: Authenticated | undefined;

  constructor({ library, config, server, token }: Place & { readonly library: Library; readonly config: KubeConfig }) {
    this.#token = token;
    this.#library = library;
    this.#config = config;
    this.#server = server;
    this.#http = library.createConfiguration().httpApi;
  }

  async send(request: TransportRequest): Promise<TransportResponse> {
    const used = await this.#authenticate();
    const response = await this.#sendAs(request, used);
    if (response.status !== 401 || this.#token !== undefined) return response;
    // The credential may have been replaced since it was read; a request that was refused was not looked at.
    if (this.#authenticated === used) this.#authenticated = undefined;
    const renewed = await this.#authenticate();
    if (headerText(renewed) === headerText(used)) return response;
    await response.text();
    return this.#sendAs(request, renewed);
  }

  /** The next authentication brings a new pool of connections. */
  distrustConnections(): void {
    this.#authenticated = undefined;
  }

  async #sendAs(
    { method, path, accept, body, signal }: TransportRequest,
    { context: template }: Authenticated,
  ): Promise<TransportResponse> {
    const context = new this.#library.RequestContext(`${this.#server}${path}`, this.#library.HttpMethod[method]);
    for (const [name, value] of Object.entries(template.getHeaders())) context.setHeaderParam(name, value);
    const token = this.#token?.();
    if (token !== undefined) context.setHeaderParam('authorization', `Bearer ${token}`);
    const dispatcher = template.getDispatcher();
    if (dispatcher !== undefined) context.setDispatcher(dispatcher);
    context.setHeaderParam('accept', accept ?? 'application/json');
    context.setSignal(signal);
    if (body !== undefined) {
      context.setHeaderParam('content-type', body.type);
      context.setBody(body.text);
    }
    const response = await this.#http.send(context).toPromise();
    return {
      status: response.httpStatusCode,
      ...retryAfterOf(response.headers['retry-after']),
      text: () => response.body.text(),
      chunks: () => response.body.stream() ?? emptyBody(),
    };
  }

  async #authenticate(): Promise<Authenticated> {
    const nowMs = performance.now();
    if (this.#authenticated !== undefined && this.#authenticated.untilMs > nowMs) return this.#authenticated;
    const context = new this.#library.RequestContext(this.#server, 'GET' as HttpMethod);
    await this.#config.applySecurityAuthentication(context);
    this.#authenticated = { context, untilMs: nowMs + AUTHENTICATION_MS };
    return this.#authenticated;
  }
}

/** What the client adds to a request. */
interface Authenticated {
  readonly context: RequestContext;
  readonly untilMs: number;
}

function headerText({ context }: Authenticated): string {
  return JSON.stringify(context.getHeaders());
}

async function* emptyBody(): AsyncGenerator<Uint8Array, void, undefined> {}
