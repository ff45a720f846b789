import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { ResourceStore } from '@margay/ports';
import type { ApiAccess, ApiOptions } from './api-access.ts';
import { readInCluster } from './in-cluster.ts';
import { readKubeconfig } from './kubeconfig.ts';
import { createRestStore } from './rest/create-rest-store.ts';
import { retryAfterOf, type Transport, type TransportRequest, type TransportResponse } from './rest/transport.ts';

/** Silence after which the kernel asks whether the server lives, milliseconds; it gives up some ten seconds later. */
const KEEPALIVE_MS = 5_000;

/** How long an unused connection is kept, milliseconds. */
const IDLE_MS = 30_000;

/**
 * The store over Node's own HTTPS, for processes whose memory is bounded (the
 * node agent: the official client alone takes 80 MB). Held to the same
 * contract suite.
 *
 * @throws {KubeError} `BAD_KUBECONFIG`
 */
export function createThinStore(options: ApiOptions): ResourceStore {
  return createRestStore(createThinTransport(options), options);
}

/**
 * Requests as they are, for kinds that are known only while running.
 *
 * @throws {KubeError} `BAD_KUBECONFIG`
 */
export function createThinTransport({ kubeconfig, inCluster }: ApiOptions): Transport {
  return new HttpsTransport(kubeconfig === undefined ? readInCluster(inCluster) : readKubeconfig(kubeconfig));
}

class HttpsTransport implements Transport {
  readonly #config: ApiAccess;
  readonly #base: URL;
  #agent: HttpAgent;

  constructor(config: ApiAccess) {
    this.#config = config;
    this.#base = new URL(config.server);
    this.#agent = this.#makeAgent();
  }

  distrustConnections(): void {
    for (const sockets of Object.values(this.#agent.freeSockets)) {
      for (const socket of sockets ?? []) socket.destroy();
    }
    // Those in use are not put back into the pool of the new one.
    this.#agent = this.#makeAgent();
  }

  #makeAgent(): HttpAgent {
    const options = { keepAlive: true, timeout: IDLE_MS };
    if (this.#base.protocol === 'http:') return new HttpAgent(options);
    return new HttpsAgent({ ...options, ...tlsOf(this.#config) });
  }

  async send(request: TransportRequest): Promise<TransportResponse> {
    const call = this.#start(request);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      call.once('response', resolve);
      // Stays for the life of the request: a late failure is the body's to report.
      call.on('error', reject);
      call.end(request.body?.text);
    });
    return {
      status: response.statusCode ?? 0,
      ...retryAfterOf(response.headers['retry-after']),
      text: () => textOf(response),
      chunks: () => response,
    };
  }

  #start({ method, path, accept, body, signal }: TransportRequest): ClientRequest {
    const token = this.#config.token();
    const headers = {
      accept: accept ?? 'application/json',
      'user-agent': 'margay',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': body.type, 'content-length': Buffer.byteLength(body.text) }),
    };
    const start = this.#base.protocol === 'http:' ? httpRequest : httpsRequest;
    const target = `${this.#base.pathname.replace(/\/$/, '')}${path}`;
    const { hostname, port } = this.#base;
    const call = start({
      // A URL writes an IPv6 address in brackets, a socket does not.
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? undefined : port,
      path: target,
      method,
      headers,
      signal,
      agent: this.#agent,
    });
    call.on('socket', (socket) => {
      socket.setKeepAlive(true, KEEPALIVE_MS);
      // The agent's limit is for idle connections; requests have limits of their own.
      socket.setTimeout(0);
    });
    return call;
  }
}

function tlsOf(config: ApiAccess): object {
  return {
    rejectUnauthorized: !config.skipTlsVerify,
    ...(config.certificateAuthority !== undefined && { ca: config.certificateAuthority }),
    ...(config.serverName !== undefined && { servername: config.serverName }),
    ...(config.clientCertificate !== undefined && { cert: config.clientCertificate, key: config.clientKey }),
  };
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of response) parts.push(chunk as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
