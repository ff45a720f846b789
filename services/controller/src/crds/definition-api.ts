import type { Transport } from '@margay/kube';
import { CrdError, type Definition } from './manifests.ts';

const COLLECTION = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** How long one request may take, milliseconds. */
const REQUEST_MS = 10_000;

/** Someone else changed the object meanwhile, or the API cannot answer now: try again. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain';
}

/** The CustomResourceDefinitions of one cluster. All methods throw TryAgain, or CrdError for a final refusal. */
export class DefinitionApi {
  readonly #transport: Transport;
  readonly #signal: AbortSignal;

  constructor({ transport, signal }: { readonly transport: Transport; readonly signal: AbortSignal }) {
    this.#transport = transport;
    this.#signal = signal;
  }

  /** Undefined when there is none. */
  async get(name: string): Promise<Definition | undefined> {
    return await this.#send('GET', `${COLLECTION}/${encodeURIComponent(name)}`, undefined);
  }

  async create(definition: object): Promise<void> {
    await this.#send('POST', COLLECTION, definition);
  }

  /** Replaces it if its resourceVersion is still the stored one. */
  async replace(definition: Definition): Promise<void> {
    const found = await this.#send('PUT', `${COLLECTION}/${encodeURIComponent(definition.metadata.name)}`, definition);
    if (found === undefined) throw new TryAgain(`${definition.metadata.name} was deleted meanwhile`);
  }

  /** With all its objects. */
  async delete({ metadata: { name, uid } }: Definition): Promise<void> {
    const options = { apiVersion: 'v1', kind: 'DeleteOptions', ...(uid !== undefined && { preconditions: { uid } }) };
    await this.#send('DELETE', `${COLLECTION}/${encodeURIComponent(name)}`, options);
  }

  async #send(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: object | undefined,
  ): Promise<Definition | undefined> {
    const { status, text } = await this.#exchange(method, path, body);
    if (status >= 200 && status < 300) return JSON.parse(text) as Definition;
    if (status === 404 && method !== 'POST') return undefined;
    const message = messageOf(text);
    // 401 and 403 too: a new pod's token and rights may take a moment to be known.
    if ([401, 403, 404, 408, 409, 429].includes(status) || status >= 500) {
      throw new TryAgain(`the API answered ${status}: ${message}`);
    }
    throw new CrdError(`The API refused ${method} ${path}: ${message}`);
  }

  async #exchange(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: object | undefined,
  ): Promise<{ status: number; text: string }> {
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(REQUEST_MS)]);
    try {
      const response = await this.#transport.send({
        method,
        path,
        signal,
        ...(body !== undefined && { body: { type: 'application/json', text: JSON.stringify(body) } }),
      });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      throw new TryAgain(`the API cannot be reached: ${(error as Error).message}`, { cause: error });
    }
  }
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text.slice(0, 200);
  }
}
