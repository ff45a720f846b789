import type {
  Server,
  ServerDuplexStream,
  ServerUnaryCall,
  ServerWritableStream,
  sendUnaryData,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { type AnyMethod, methodsOf } from './definitions.ts';
import { createMessageWriter, type MessageWriter } from './message-writer.ts';
import type { CallContext, ServiceHandlers, ServiceName } from './services.ts';
import { type StatusName, toServiceError } from './status.ts';

export interface ServiceOptions {
  /** The status of each error code that a handler may throw. */
  readonly errors?: Readonly<Record<string, StatusName>>;
  /** Told of every failed call, for the log; `method` is like `/margay.ipam.v1.Ipam/AutoAssign`. */
  readonly onError?: (error: unknown, method: string) => void;
}

type AnyHandler = (...parameters: unknown[]) => Promise<unknown>;
type StreamCall = ServerWritableStream<object, object> | ServerDuplexStream<object, object>;

/** Serves `handlers` on `server`: async functions in place of callbacks, thrown errors as status. */
export function addService<N extends ServiceName>(
  server: Server,
  service: N,
  handlers: ServiceHandlers<N>,
  options: ServiceOptions = {},
): void {
  const methods = methodsOf(service);
  const implementation: UntypedServiceImplementation = {};
  for (const [name, method] of Object.entries(methods)) {
    const key = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    const handler = (handlers as unknown as Record<string, AnyHandler>)[key];
    if (handler === undefined) continue;
    const bound: AnyHandler = (...parameters) => handler.apply(handlers, parameters);
    implementation[name] = method.responseStream
      ? (call: StreamCall) => void serveStream(call, { method, handler: bound, options })
      : (call: ServerUnaryCall<object, object>, answer: sendUnaryData<object>) =>
          void serveUnary(call, answer, { method, handler: bound, options });
  }
  server.addService(methods, implementation);
}

interface Served {
  readonly method: AnyMethod;
  readonly handler: AnyHandler;
  readonly options: ServiceOptions;
}

async function serveUnary(
  call: ServerUnaryCall<object, object>,
  answer: sendUnaryData<object>,
  { method, handler, options }: Served,
): Promise<void> {
  try {
    const response = await handler(call.request, contextOf(call));
    answer(null, response as object);
  } catch (error) {
    options.onError?.(error, method.path);
    answer(toServiceError(error, options.errors), null);
  }
}

async function serveStream(call: StreamCall, { method, handler, options }: Served): Promise<void> {
  const context = contextOf(call);
  const writer: MessageWriter<object> = createMessageWriter(call, context.signal);
  // The stream's own failure reaches the handler through the signal.
  call.on('error', () => undefined);
  try {
    await handler('request' in call ? call.request : call, writer, context);
    call.end();
  } catch (error) {
    if (context.signal.aborted) return;
    options.onError?.(error, method.path);
    call.emit('error', toServiceError(error, options.errors));
  }
}

/** What all calls of a server have in common; grpc-js does not export its type. */
interface ServerCall {
  readonly cancelled: boolean;
  on(event: 'cancelled', listener: () => void): unknown;
}

function contextOf(call: ServerCall): CallContext {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new DOMException('The caller has gone', 'AbortError'));
  call.on('cancelled', abort);
  if (call.cancelled) abort();
  return { signal: controller.signal };
}
