import type { HttpLibrary, HttpMethod, KubeConfig, RequestContext } from '@kubernetes/client-node';
import type { ResourceStore } from '@margay/ports';
import type { ApiOptions } from './api-access.ts';
import { KubeError } from './error.ts';
import { type InCluster, readInCluster, SERVICE_ACCOUNT_FOLDER } from './in-cluster.ts';
import { RestStore } from './rest/rest-store.ts';
import type { Transport, TransportRequest, TransportResponse } from './rest/transport.ts';

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
export async function createClientNodeStore({ kubeconfig, inCluster }: ApiOptions): Promise<ResourceStore> {
  const library = await import('@kubernetes/client-node');
  const config = new library.KubeConfig();
  const server = kubeconfig === undefined ? loadInCluster(config, inCluster) : loadFile(config, kubeconfig);
  return new RestStore(new ClientNodeTransport({ library, config, server: server.replace(/\/+$/, '') }));
}

function loadFile(config: KubeConfig, file: string): string {
  try {
    config.loadFromFile(file);
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0] ?? '';
    throw new KubeError('BAD_KUBECONFIG', `Cannot read the kubeconfig ${file}: ${reason}`, { cause: error });
  }
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new KubeError('BAD_KUBECONFIG', `${file}: the current context names no cluster`);
  return server;
}

/** The client reads the token's file again when its own copy has grown old. */
function loadInCluster(config: KubeConfig, place: InCluster = {}): string {
  const { server } = readInCluster(place);
  const folder = `${place.root ?? ''}${SERVICE_ACCOUNT_FOLDER}`;
  config.loadFromOptions({
    clusters: [{ name: 'own', server, caFile: `${folder}/ca.crt`, skipTLSVerify: false }],
    users: [{ name: 'own', authProvider: { name: 'tokenFile', config: { tokenFile: `${folder}/token` } } }],
    contexts: [{ name: 'own', cluster: 'own', user: 'own' }],
    currentContext: 'own',
  });
  return server;
}

class ClientNodeTransport implements Transport {
  readonly #library: Library;
  readonly #config: KubeConfig;
  readonly #server: string;
  readonly #http: HttpLibrary;
  #authenticated: { readonly context: RequestContext; readonly untilMs: number } | undefined;

  constructor({ library, config, server }: { library: Library; config: KubeConfig; server: string }) {
    this.#library = library;
    this.#config = config;
    this.#server = server;
    this.#http = library.createConfiguration().httpApi;
  }

  async send({ method, path, accept, body, signal }: TransportRequest): Promise<TransportResponse> {
    const context = new this.#library.RequestContext(`${this.#server}${path}`, this.#library.HttpMethod[method]);
    await this.#authenticate(context);
    context.setHeaderParam('accept', accept ?? 'application/json');
    context.setSignal(signal);
    if (body !== undefined) {
      context.setHeaderParam('content-type', body.type);
      context.setBody(body.text);
    }
    const response = await this.#http.send(context).toPromise();
    return {
      status: response.httpStatusCode,
      text: () => response.body.text(),
      chunks: () => response.body.stream() ?? emptyBody(),
    };
  }

  async #authenticate(context: RequestContext): Promise<void> {
    const nowMs = performance.now();
    let kept = this.#authenticated;
    if (kept === undefined || kept.untilMs < nowMs) {
      const template = new this.#library.RequestContext(this.#server, 'GET' as HttpMethod);
      await this.#config.applySecurityAuthentication(template);
      kept = { context: template, untilMs: nowMs + AUTHENTICATION_MS };
      this.#authenticated = kept;
    }
    for (const [name, value] of Object.entries(kept.context.getHeaders())) context.setHeaderParam(name, value);
    const dispatcher = kept.context.getDispatcher();
    if (dispatcher !== undefined) context.setDispatcher(dispatcher);
  }
}

async function* emptyBody(): AsyncGenerator<Uint8Array, void, undefined> {}
