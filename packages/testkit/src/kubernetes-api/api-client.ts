import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { createInterface } from 'node:readline';

export interface ApiAddress {
  readonly url: string;
  /** PEM; the only authority that is trusted. */
  readonly ca: string;
  /** Absent: a request that proves no user. */
  readonly token?: string;
}

export interface ApiMetadata {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  continue?: string;
  remainingItemCount?: number;
}

/** An object, a list or a Status; the tests look into it as they expect it to be. */
export interface ApiBody {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: ApiMetadata;
  readonly [field: string]: unknown;
}

export interface StatusBody extends ApiBody {
  readonly message: string;
  readonly reason: string;
  readonly code: number;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly uid?: string;
    readonly causes?: readonly { readonly reason: string; readonly field?: string; readonly message: string }[];
  };
}

export interface ApiAnswer<Body> {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly body: Body;
}

export interface ApiRequest {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Uint8Array;
  readonly type?: string;
  readonly accept?: string;
  /** Send the path as it is: else it is normalised as URLs are. */
  readonly verbatim?: boolean;
}

export interface WatchLine {
  readonly type: string;
  readonly object: StatusBody;
}

/** Speaks to a Kubernetes API as the wire has it: one request a connection. */
export class ApiClient {
  readonly #address: ApiAddress;

  constructor(address: ApiAddress) {
    this.#address = address;
  }

  /** The same server with another token, or none. */
  withToken(token: string | undefined): ApiClient {
    const { url, ca } = this.#address;
    return new ApiClient({ url, ca, ...(token === undefined ? {} : { token }) });
  }

  async call<Body = StatusBody>(method: string, path: string, options: ApiRequest = {}): Promise<ApiAnswer<Body>> {
    const response = await this.#send(method, path, options);
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const text = bytes.toString();
    const body = (text.startsWith('{') ? JSON.parse(text) : text) as Body;
    return { status: response.statusCode ?? 0, headers: response.headers, bytes, body };
  }

  /** Events until the server ends the watch or the caller breaks off. */
  async *watch(path: string, accept?: string): AsyncGenerator<WatchLine> {
    const response = await this.#send('GET', path, accept === undefined ? {} : { accept });
    try {
      for await (const line of createInterface({ input: response })) yield JSON.parse(line) as WatchLine;
    } finally {
      response.destroy();
    }
  }

  #send(method: string, path: string, { body, raw, type, accept, verbatim }: ApiRequest): Promise<IncomingMessage> {
    const { url, ca, token } = this.#address;
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const headers = {
      accept: accept ?? 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(payload === undefined
        ? {}
        : { 'content-type': type ?? 'application/json', 'content-length': Buffer.byteLength(payload) }),
    };
    return new Promise((resolve, reject) => {
      const place = verbatim === true ? new URL(url) : new URL(path, url);
      const options = { method, headers, ca, agent: false, ...(verbatim === true ? { path } : {}) };
      request(place, options, resolve).on('error', reject).end(payload);
    });
  }
}

/** What a refusal says is wrong, as `field reason`, in order; but for the one that says that not all was looked at. */
export function causesOf({ body }: ApiAnswer<StatusBody>): string[] {
  const causes = (body.details?.causes ?? []).filter(({ message }) => !message.includes('rules were not checked'));
  return causes.map(({ field, reason }) => `${field} ${reason}`);
}

/** The next `count` events, or fewer when the watch ends. */
export async function takeEvents(events: AsyncGenerator<WatchLine>, count: number): Promise<WatchLine[]> {
  const taken: WatchLine[] = [];
  while (taken.length < count) {
    const next = await events.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}
