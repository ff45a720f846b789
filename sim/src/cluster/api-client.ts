import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';

/** Calls of the Kubernetes API that are no resources of their own, such as a pod's binding. */
export class ApiClient {
  readonly #server: string;
  readonly #token: string;
  readonly #agent: Agent;

  constructor(options: { readonly server: string; readonly caPath: string; readonly token: string }) {
    this.#server = options.server;
    this.#token = options.token;
    this.#agent = new Agent({ keepAlive: true, ca: readFileSync(options.caPath), maxSockets: 8 });
  }

  /** The status code and the body as text. Rejects when the server cannot be reached. */
  async send(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly text: string }> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return await new Promise((resolve, reject) => {
      const call = request(
        `${this.#server}${path}`,
        {
          method,
          agent: this.#agent,
          headers: {
            authorization: `Bearer ${this.#token}`,
            ...(text !== undefined && {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(text),
            }),
          },
        },
        (response) => {
          let received = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            received += chunk;
          });
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text: received }));
          response.on('error', reject);
        },
      );
      call.on('error', reject);
      call.end(text);
    });
  }
}
