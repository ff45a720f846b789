import { tryParseAddress, versionOf } from '@margay/ip';
import type { Pod } from '@margay/model';
import { CallError, type simV1 } from '@margay/wire';
import { type ClusterView, isRunning, podAddress, podKey } from '../cluster/cluster-view.ts';
import type { Kubelets } from '../cluster/kubelets.ts';
import { runLimited } from './limited.ts';

export const DEFAULT_TIMEOUT_MS = 1_000;
const DEFAULT_PORT = 80;
/** Probes under way: enough to hide waiting, few enough that no probe waits for its turn on the processor. */
const DEFAULT_PARALLEL = 128;
/** An answer that takes longer than this is probably none. */
const PATIENCE_MS = 100;
const MAX_UNDER_WAY = 2_048;

/** Real connections from pods, made by the nodes' kubelets. */
export class Probes {
  readonly #view: ClusterView;
  readonly #kubelets: Kubelets;

  constructor(options: { readonly view: ClusterView; readonly kubelets: Kubelets }) {
    this.#view = options.view;
    this.#kubelets = options.kubelets;
  }

  /** @throws {CallError} `INVALID_ARGUMENT`: the question names no running pod, or is otherwise wrong. */
  async probe(request: simV1.ProbeRequest, signal?: AbortSignal): Promise<simV1.ProbeResult> {
    const from = this.#runningPod(request.from);
    const address = this.#addressOf(request.to);
    const protocol = protocolOf(request.protocol);
    return await this.#send(
      { from, to: request.to, address, ...protocol, ...portOf(request.port, protocol), ...timeoutOf(request) },
      signal,
    );
  }

  /** Every ordered pair of running pods, each result as it comes. */
  async *probeAll(
    request: simV1.ProbeAllRequest,
    signal?: AbortSignal,
  ): AsyncGenerator<simV1.ProbeResult, void, undefined> {
    const pods = this.#view.pods.list().filter(isRunning).toSorted(byKey);
    const protocol = protocolOf(request.protocol);
    const rest = { ...protocol, ...portOf(request.port, protocol), ...timeoutOf(request) };
    const pairs = pods.flatMap((from) => pods.filter((to) => to !== from).map((to) => ({ from, to })));
    // Asked for a number, it is kept to; by default those that wait for their time limit do not count.
    const asked = request.parallel;
    const limits = {
      parallel: asked || DEFAULT_PARALLEL,
      patienceMs: asked ? 3_600_000 : PATIENCE_MS,
      atMost: asked || MAX_UNDER_WAY,
    };
    const results = runLimited(
      spreadOut(pairs),
      ({ from, to }) => this.#send({ from, to: podKey(to), address: podAddress(to), ...rest }, signal),
      limits,
    );
    for await (const result of results) {
      signal?.throwIfAborted();
      yield result;
    }
  }

  async #send(
    probe: {
      readonly from: Pod;
      readonly to: string;
      readonly address: string;
      readonly port: number;
      readonly protocol: simV1.Protocol;
      readonly timeoutMs: number;
    },
    signal: AbortSignal | undefined,
  ): Promise<simV1.ProbeResult> {
    const { from, to, address, port, protocol, timeoutMs } = probe;
    const node = from.spec?.nodeName ?? '';
    const key = podKey(from);
    const result = await this.#kubelets.probe(node, { from: key, address, port, protocol, timeoutMs }, signal);
    return { ...result, from: key, to, address, port, protocol };
  }

  #runningPod(name: string): Pod {
    const pod = this.#view.pods.list().find((candidate) => podKey(candidate) === name);
    if (pod === undefined) throw wrong(`there is no pod ${quote(name)}; write NAMESPACE/NAME, such as default/a`);
    if (isRunning(pod)) return pod;
    const why = pod.metadata.deletionTimestamp ? 'being deleted' : (pod.status?.phase ?? 'Pending');
    throw wrong(`pod ${name} is not running: it is ${why}`);
  }

  #addressOf(to: string): string {
    if (to.includes('/')) return podAddress(this.#runningPod(to));
    const address = tryParseAddress(to);
    if (address === undefined) throw wrong(`${quote(to)} is neither NAMESPACE/NAME of a pod nor an address`);
    if (versionOf(address) === 6) throw wrong(`${address} is IPv6, which is not there yet in this version`);
    return address;
  }
}

/** Neighbours in the list go out from different pods, so that no node gets all the work at once. */
function spreadOut<T extends { readonly from: Pod }>(pairs: readonly T[]): T[] {
  const byPod = Map.groupBy(pairs, ({ from }) => from);
  const longest = Math.max(0, ...Array.from(byPod.values(), ({ length }) => length));
  return Array.from({ length: longest }, (_, index) => [...byPod.values()].flatMap((own) => own[index] ?? [])).flat();
}

function protocolOf(protocol: simV1.Protocol): { readonly protocol: simV1.Protocol } {
  return { protocol: protocol === 'PROTOCOL_UNSPECIFIED' ? 'PROTOCOL_TCP' : protocol };
}

function portOf(port: number, { protocol }: { readonly protocol: simV1.Protocol }): { readonly port: number } {
  if (protocol === 'PROTOCOL_ICMP') return { port: 0 };
  if (port > 65_535) throw wrong(`port must be 1 to 65535, not ${port}`);
  return { port: port || DEFAULT_PORT };
}

function timeoutOf({ timeoutMs }: { readonly timeoutMs: number }): { readonly timeoutMs: number } {
  return { timeoutMs: timeoutMs || DEFAULT_TIMEOUT_MS };
}

function byKey(a: Pod, b: Pod): number {
  return podKey(a) < podKey(b) ? -1 : 1;
}

function wrong(message: string): CallError {
  return new CallError('INVALID_ARGUMENT', message);
}

function quote(text: string): string {
  return `'${text}'`;
}
