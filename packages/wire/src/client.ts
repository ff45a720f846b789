import { type ChannelCredentials, Client, type ClientOptions, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { FindEndpoints } from '@margay/ports';
import { type AnyMethod, methodsOf } from './definitions.ts';
import { createMessageWriter, type MessageWriter } from './message-writer.ts';
import { resolverOptions } from './resolve/kubernetes-resolver.ts';
import { parseServiceAddress } from './resolve/service-address.ts';
import type {
  DuplexMethod,
  RequestInput,
  ResponseOf,
  ServerStreamMethod,
  ServiceName,
  UnaryMethod,
} from './services.ts';
import { CallError, nameOfStatus } from './status.ts';

/** A connection to one service. Connects with the first call and again by itself, with backoff. */
export interface ServiceClient<N extends ServiceName> {
  readonly service: N;
  readonly address: string;
  /** Fails every call under way with CANCELLED. */
  close(): void;
  readonly channel: Client;
}

export interface ClientConfiguration {
  readonly credentials: ChannelCredentials;
  /** Silence after which the peer is asked whether it lives, milliseconds; 5000 by default. */
  readonly keepaliveMs?: number;
  /** How long it may take to answer that, milliseconds; 4000 by default. */
  readonly keepaliveTimeoutMs?: number;
  /** Needed for an address of the form `kubernetes:///SERVICE.NAMESPACE:PORT`. */
  readonly findEndpoints?: FindEndpoints;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** For the whole call, milliseconds; without it a unary call has 10 s and a stream no limit. */
  readonly timeoutMs?: number;
  /** Waits for the connection instead of failing with UNAVAILABLE while there is none. */
  readonly waitForReady?: boolean;
}

const UNARY_TIMEOUT_MS = 10_000;

/** Longest pause between two attempts to connect, so that a peer that is back is found within it. */
const MAX_RECONNECT_MS = 2_000;

/**
 * `address` is `HOST:PORT`, `unix:PATH`, or `kubernetes:///SERVICE.NAMESPACE:PORT`:
 * then any ready pod of the Service, and the next one when that fails. A peer
 * that died without a word is noticed within 9 s by default, and its calls
 * fail with UNAVAILABLE.
 *
 * @throws {WireError} `BAD_ADDRESS`
 */
export function createClient<N extends ServiceName>(
  service: N,
  address: string,
  { credentials, keepaliveMs = 5_000, keepaliveTimeoutMs = 4_000, findEndpoints }: ClientConfiguration,
): ServiceClient<N> {
  const options: ClientOptions = {
    'grpc.keepalive_time_ms': keepaliveMs,
    'grpc.keepalive_timeout_ms': keepaliveTimeoutMs,
    'grpc.keepalive_permit_without_calls': 1,
    'grpc.initial_reconnect_backoff_ms': 200,
    'grpc.min_reconnect_backoff_ms': 200,
    'grpc.max_reconnect_backoff_ms': MAX_RECONNECT_MS,
    'grpc.enable_http_proxy': 0,
    'grpc.max_receive_message_length': 16 * 1024 * 1024,
    'grpc.service_config_disable_resolution': 1,
    'grpc.use_local_subchannel_pool': 1,
    ...(parseServiceAddress(address) !== undefined && resolverOptions(address, findEndpoints)),
  };
  const channel = new Client(address, credentials, options);
  return { service, address, channel, close: () => channel.close() };
}

/** @throws {CallError} */
export function unary<N extends ServiceName, M extends UnaryMethod<N>>(
  client: ServiceClient<N>,
  method: M,
  request: RequestInput<N, M>,
  options: CallOptions = {},
): Promise<ResponseOf<N, M>> {
  const { path, requestSerialize, responseDeserialize } = methodOf(client, method);
  const { signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const call = client.channel.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request as object,
      new Metadata({ waitForReady: options.waitForReady ?? false }),
      { deadline: Date.now() + (options.timeoutMs ?? UNARY_TIMEOUT_MS) },
      (error, response) => {
        signal?.removeEventListener('abort', cancel);
        if (error !== null) reject(signal?.aborted ? signal.reason : toCallError(error));
        else resolve(response as ResponseOf<N, M>);
      },
    );
    const cancel = (): void => call.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
  });
}

/**
 * The messages of a server stream, read at the caller's pace. Ends when the
 * server ends it; leaving the loop cancels the call.
 *
 * @throws {CallError} while iterating; the signal's reason when it aborts.
 */
export async function* serverStream<N extends ServiceName, M extends ServerStreamMethod<N>>(
  client: ServiceClient<N>,
  method: M,
  request: RequestInput<N, M>,
  options: CallOptions = {},
): AsyncGenerator<ResponseOf<N, M>, void, undefined> {
  options.signal?.throwIfAborted();
  const { path, requestSerialize, responseDeserialize } = methodOf(client, method);
  const call = client.channel.makeServerStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    request as object,
    new Metadata({ waitForReady: options.waitForReady ?? false }),
    deadlineOf(options),
  );
  yield* readCall<ResponseOf<N, M>>(call, options.signal);
}

/** A call on which both sides write when they like. */
export interface DuplexCall<Request, Response> extends MessageWriter<Request> {
  readonly responses: AsyncIterable<Response>;
  /** No more requests; the responses go on. */
  end(): void;
}

export function duplexStream<N extends ServiceName, M extends DuplexMethod<N>>(
  client: ServiceClient<N>,
  method: M,
  options: CallOptions = {},
): DuplexCall<RequestInput<N, M>, ResponseOf<N, M>> {
  options.signal?.throwIfAborted();
  const { path, requestSerialize, responseDeserialize } = methodOf(client, method);
  const call = client.channel.makeBidiStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    new Metadata({ waitForReady: options.waitForReady ?? false }),
    deadlineOf(options),
  );
  const over = new AbortController();
  call.once('status', (status) => over.abort(new CallError(nameOfStatus(status.code), status.details)));
  const writer = createMessageWriter<RequestInput<N, M>>(call, over.signal);
  return {
    write: (message) => writer.write(message),
    end: () => call.end(),
    responses: readCall<ResponseOf<N, M>>(call, options.signal),
  };
}

interface ReadableCall extends AsyncIterable<unknown> {
  cancel(): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

async function* readCall<T>(call: ReadableCall, signal: AbortSignal | undefined): AsyncGenerator<T, void, undefined> {
  const cancel = (): void => call.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  // A cancelled call reports an error after the loop was left, when nobody else listens.
  call.on('error', () => undefined);
  try {
    for await (const message of call) yield message as T;
  } catch (error) {
    signal?.throwIfAborted();
    throw toCallError(error as ServiceError);
  } finally {
    signal?.removeEventListener('abort', cancel);
    call.cancel();
  }
  signal?.throwIfAborted();
}

function methodOf(client: { readonly service: ServiceName }, method: string): AnyMethod {
  const name = `${method.charAt(0).toUpperCase()}${method.slice(1)}`;
  const definition = methodsOf(client.service)[name];
  if (definition === undefined) throw new CallError('UNIMPLEMENTED', `${client.service} has no method ${name}`);
  return definition;
}

function deadlineOf({ timeoutMs }: CallOptions): { deadline?: number } {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}

function toCallError(error: ServiceError): CallError {
  if (typeof error.code !== 'number') return new CallError('UNKNOWN', error.message, { cause: error });
  return new CallError(nameOfStatus(error.code), error.details || error.message, { cause: error });
}
