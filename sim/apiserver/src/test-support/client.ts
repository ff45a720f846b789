import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { createInterface } from 'node:readline';
import type { ApiObject } from '../storage/entry.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Parsed; the tests look into it as they expect it to be. */
  readonly body: ApiObject & {
    message: string;
    reason: string;
    code: number;
    items: ApiObject[];
    details: AnswerDetails;
  };
}

interface AnswerDetails {
  uid?: string;
  causes: { reason: string; field?: string; message: string }[];
}

export interface CallOptions {
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly text?: string;
  readonly headers?: Record<string, string>;
}

export interface WatchEvent {
  readonly type: string;
  readonly object: ApiObject & { code?: number };
}

/** A client for one server: HTTPS with a token, or with what the TLS options carry. */
export class TestClient {
  readonly #port: number;
  readonly #tls: Pick<RequestOptions, 'ca' | 'cert' | 'key'>;
  readonly #headers: Record<string, string>;

  constructor(port: number, tls: Pick<RequestOptions, 'ca' | 'cert' | 'key'>, token?: string) {
    this.#port = port;
    this.#tls = tls;
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  async call(method: string, path: string, { body, text, headers }: CallOptions = {}): Promise<Answer> {
    const payload = text ?? (body === undefined ? undefined : JSON.stringify(body));
    // Node sends the body of a DELETE without framing unless it is told the length.
    const type =
      payload === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) };
    const response = await this.#send(method, path, { ...type, ...headers }, payload);
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    const received = Buffer.concat(chunks).toString();
    const parsed = received.startsWith('{') ? (JSON.parse(received) as unknown) : { message: received };
    return { status: response.statusCode ?? 0, headers: response.headers, body: parsed as Answer['body'] };
  }

  /** Events until the server ends the watch or the caller breaks off. */
  async *watch(path: string, headers: Record<string, string> = {}): AsyncGenerator<WatchEvent> {
    const response = await this.#send('GET', path, headers, undefined);
    try {
      for await (const line of createInterface({ input: response })) yield JSON.parse(line) as WatchEvent;
    } finally {
      response.destroy();
    }
  }

  /** A watch that reads nothing until it is resumed, and tells how the server ended it. */
  neglectedWatch(path: string): { opened: Promise<IncomingMessage>; ended: Promise<'cut off' | 'complete'> } {
    const opened = this.#send('GET', path, {}, undefined).then((response) => response.pause());
    const ended = opened.then(
      (response) =>
        new Promise<'cut off' | 'complete'>((resolve) => {
          response.on('error', () => resolve('cut off'));
          response.on('end', () => resolve('complete'));
        }),
    );
    return { opened, ended };
  }

  #send(
    method: string,
    path: string,
    headers: Record<string, string>,
    payload: string | undefined,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const options: RequestOptions = {
        host: '127.0.0.1',
        port: this.#port,
        method,
        path,
        headers: { ...this.#headers, ...headers },
        agent: false,
        ...this.#tls,
      };
      request(options, resolve).on('error', reject).end(payload);
    });
  }
}

/** The next `count` events, or fewer when the watch ends. */
export async function take(events: AsyncGenerator<WatchEvent>, count: number): Promise<WatchEvent[]> {
  const taken: WatchEvent[] = [];
  while (taken.length < count) {
    const next = await events.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}
