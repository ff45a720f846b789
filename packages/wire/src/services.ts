import type { MethodDefinition } from '@grpc/proto-loader';
import type { NodeAgentDefinition, NodeAgentHandlers } from './generated/margay/agent/v1/NodeAgent.ts';
import type { FeedDefinition, FeedHandlers } from './generated/margay/feed/v1/Feed.ts';
import type { IpamDefinition, IpamHandlers } from './generated/margay/ipam/v1/Ipam.ts';
import type { PolicyViewsDefinition, PolicyViewsHandlers } from './generated/margay/policy/v1/PolicyViews.ts';
import type { KubeletDefinition, KubeletHandlers } from './generated/margay/sim/v1/Kubelet.ts';
import type { SimulatorDefinition, SimulatorHandlers } from './generated/margay/sim/v1/Simulator.ts';
import type { MessageWriter } from './message-writer.ts';

interface Generated {
  'margay.agent.v1.NodeAgent': { handlers: NodeAgentHandlers; definition: NodeAgentDefinition };
  'margay.feed.v1.Feed': { handlers: FeedHandlers; definition: FeedDefinition };
  'margay.ipam.v1.Ipam': { handlers: IpamHandlers; definition: IpamDefinition };
  'margay.policy.v1.PolicyViews': { handlers: PolicyViewsHandlers; definition: PolicyViewsDefinition };
  'margay.sim.v1.Kubelet': { handlers: KubeletHandlers; definition: KubeletDefinition };
  'margay.sim.v1.Simulator': { handlers: SimulatorHandlers; definition: SimulatorDefinition };
}

/** Full proto names. */
export type ServiceName = keyof Generated;

/** Without the index signatures that the generator adds. */
type Declared<T> = { [K in keyof T as string extends K ? never : number extends K ? never : K]: T[K] };

type Handlers<N extends ServiceName> = Declared<Generated[N]['handlers']>;
type Definition<N extends ServiceName> = Declared<Generated[N]['definition']>;

type Shape = 'unary' | 'server' | 'duplex';

/** Told by the call object: only streaming calls can be written to, and only a duplex one has no single request. */
type ShapeOf<H> = H extends (...parameters: infer P) => unknown
  ? P extends [{ write: unknown }, ...unknown[]]
    ? P extends [{ request: unknown }, ...unknown[]]
      ? 'server'
      : 'duplex'
    : 'unary'
  : 'unknown';

/** Names of the methods of one shape, in lower camel case. */
type NamesOfShape<N extends ServiceName, S extends Shape> = keyof {
  [K in keyof Handlers<N> as ShapeOf<Handlers<N>[K]> extends S ? Uncapitalize<K & string> : never]: K;
} &
  string;

export type UnaryMethod<N extends ServiceName> = NamesOfShape<N, 'unary'>;
export type ServerStreamMethod<N extends ServiceName> = NamesOfShape<N, 'server'>;
export type DuplexMethod<N extends ServiceName> = NamesOfShape<N, 'duplex'>;

type MethodOf<N extends ServiceName, M extends string> =
  Capitalize<M> extends keyof Definition<N> ? Definition<N>[Capitalize<M>] : never;

/** What a client sends: absent fields mean their defaults. */
export type RequestInput<N extends ServiceName, M extends string> =
  MethodOf<N, M> extends MethodDefinition<infer R, infer _1, infer _2, infer _3> ? R : never;
/** What a server answers with: absent fields mean their defaults. */
export type ResponseInput<N extends ServiceName, M extends string> =
  MethodOf<N, M> extends MethodDefinition<infer _1, infer R, infer _2, infer _3> ? R : never;
/** What a server receives: every field is present. */
export type RequestOf<N extends ServiceName, M extends string> =
  MethodOf<N, M> extends MethodDefinition<infer _1, infer _2, infer R, infer _3> ? R : never;
/** What a client receives: every field is present. */
export type ResponseOf<N extends ServiceName, M extends string> =
  MethodOf<N, M> extends MethodDefinition<infer _1, infer _2, infer _3, infer R> ? R : never;

/** What a call brings besides its messages. */
export interface CallContext {
  /** Aborts when the client cancels, its deadline passes or the connection is lost. */
  readonly signal: AbortSignal;
}

/**
 * What a server implements: one async function a method, named in lower camel
 * case. A unary one returns its response; a streaming one writes until it
 * returns, which ends the stream. What it throws becomes the call's status.
 */
export type ServiceHandlers<N extends ServiceName> = {
  [K in keyof Handlers<N> as Uncapitalize<K & string>]: HandlerOf<N, K & string, ShapeOf<Handlers<N>[K]>>;
};

type HandlerOf<N extends ServiceName, M extends string, S> = S extends 'unary'
  ? (request: RequestOf<N, M>, context: CallContext) => Promise<ResponseInput<N, M>>
  : S extends 'server'
    ? (request: RequestOf<N, M>, writer: MessageWriter<ResponseInput<N, M>>, context: CallContext) => Promise<void>
    : (
        requests: AsyncIterable<RequestOf<N, M>>,
        writer: MessageWriter<ResponseInput<N, M>>,
        context: CallContext,
      ) => Promise<void>;
