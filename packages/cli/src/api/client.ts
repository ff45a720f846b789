import type { Transport } from '@margay/kube';
import { CliError } from '../error.ts';
import { isMap, type JsonMap } from './types.ts';

/** For a whole request, milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly accept?: string;
  readonly body?: JsonMap;
  /** Media type of the body; JSON when absent. */
  readonly type?: string;
}

export interface StatusCause {
  readonly field?: string;
  readonly message?: string;
  readonly reason?: string;
}

/** The API server's refusal (meta/v1 Status). */
export interface Refusal {
  readonly httpStatus: number;
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly StatusCause[];
}

export type ApiAnswer = { readonly body: JsonMap } | { readonly refusal: Refusal };

/** Requests to one API server, for kinds that are known only while running. */
export class ApiClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * The object, or why the server refuses: what a question may be answered with.
   *
   * @throws {CliError} `FAILED`: no answer, no access, or a mistake inside the server
   */
  async ask({ method, path, accept, body, type = 'application/json' }: ApiRequest): Promise<ApiAnswer> {
    const { status, text } = await this.#send({
      method,
      path,
      ...(accept !== undefined && { accept }),
      ...(body !== undefined && { body: { type, text: JSON.stringify(body) } }),
    });
    const answer = parse(text);
    if (status < 300) return { body: answer };
    const refusal = readRefusal(status, answer, text);
    if (status === 401 || status >= 500) {
      throw new CliError('FAILED', `the API server answered ${status} to ${method} ${path}: ${refusal.message}`);
    }
    return { refusal };
  }

  /**
   * The answer to a question that is not refused.
   *
   * @throws {CliError} `FAILED`
   */
  async demand(request: ApiRequest): Promise<JsonMap> {
    const answer = await this.ask(request);
    if ('body' in answer) return answer.body;
    throw new CliError('FAILED', answer.refusal.message);
  }

  /** The object, or undefined when it is not there. */
  async find(path: string, accept?: string): Promise<JsonMap | undefined> {
    const answer = await this.ask({ method: 'GET', path, ...(accept !== undefined && { accept }) });
    if ('body' in answer) return answer.body;
    if (answer.refusal.httpStatus === 404) return undefined;
    throw new CliError('FAILED', answer.refusal.message);
  }

  async #send(request: Omit<Parameters<Transport['send']>[0], 'signal'>): Promise<{ status: number; text: string }> {
    try {
      const response = await this.#transport.send({ ...request, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new CliError('FAILED', `the API server does not answer: ${why}`, { cause: error });
    }
  }
}

function parse(text: string): JsonMap {
  try {
    const value: unknown = JSON.parse(text);
    return isMap(value) ? value : {};
  } catch {
    return {};
  }
}

function readRefusal(httpStatus: number, body: JsonMap, text: string): Refusal {
  const { reason, message, details } = body;
  const causes = isMap(details) && Array.isArray(details.causes) ? (details.causes as StatusCause[]) : [];
  return {
    httpStatus,
    reason: typeof reason === 'string' ? reason : '',
    message: typeof message === 'string' ? message : text.trim() || `status ${httpStatus}`,
    causes,
  };
}
