import type { Transport } from '@margay/kube';

/** For one request, milliseconds. */
const REQUEST_MS = 10_000;

export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly uid: string };
}

/** `foreground`: the object is there until all that it owns is gone, pods too. */
export interface DeleteHow {
  readonly propagation?: 'foreground';
}

/** Single objects by their path, of kinds that the store does not know. All methods throw when the API does not answer, or refuses. */
export class ApiObjects {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Undefined when there is none. */
  async get(path: string): Promise<ApiObject | undefined> {
    const text = await this.#send('GET', path);
    return text === undefined ? undefined : (JSON.parse(text) as ApiObject);
  }

  /** False when there was none. */
  async delete(path: string, { propagation }: DeleteHow = {}): Promise<boolean> {
    const options = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      ...(propagation === 'foreground' && { propagationPolicy: 'Foreground' }),
    };
    return (
      (await this.#send('DELETE', path, { type: 'application/json', text: JSON.stringify(options) })) !== undefined
    );
  }

  /** A JSON merge patch; false when there is no such object. */
  async patch(path: string, patch: object): Promise<boolean> {
    const body = { type: 'application/merge-patch+json', text: JSON.stringify(patch) };
    return (await this.#send('PATCH', path, body)) !== undefined;
  }

  async #send(
    method: 'GET' | 'DELETE' | 'PATCH',
    path: string,
    body?: { readonly type: string; readonly text: string },
  ): Promise<string | undefined> {
    const signal = AbortSignal.timeout(REQUEST_MS);
    const response = await this.#transport.send({ method, path, signal, ...(body && { body }) });
    const text = await response.text();
    if (response.status === 404) return undefined;
    if (response.status >= 200 && response.status < 300) return text;
    throw new Error(`${method} ${path}: the API answered ${response.status}: ${text.slice(0, 300)}`);
  }
}
