import { type ChannelOptions, experimental, status } from '@grpc/grpc-js';
import type { FindEndpoints, ServiceTarget } from '@margay/ports';
import { WireError } from '../error.ts';
import { parseServiceAddress } from './service-address.ts';

/** How often gRPC's wish for new addresses is followed at most, milliseconds. */
const MIN_INTERVAL_MS = 1_000;

/** How often they are asked for while nothing fails, milliseconds: a replica that came back is known before it is needed. */
const REFRESH_MS = 30_000;

/** One question may take so long, milliseconds. */
const FIND_TIMEOUT_MS = 10_000;

const FIND_OPTION = 'margay.find_endpoints';

type Uri = Parameters<typeof experimental.uriToString>[0];

let isRegistered = false;

/**
 * What makes a channel look its Service up by `find`. The scheme is registered
 * once in a process; how to look up comes with each channel, so that nothing
 * is shared.
 *
 * @throws {WireError} `BAD_ADDRESS`: this client cannot look Services up
 */
export function resolverOptions(address: string, find: FindEndpoints | undefined): ChannelOptions {
  if (find === undefined) {
    throw new WireError(
      'BAD_ADDRESS',
      `'${address}' needs the Kubernetes API, which is not used here: write HOST:PORT`,
    );
  }
  if (!isRegistered) experimental.registerResolver('kubernetes', KubernetesResolver);
  isRegistered = true;
  return { [FIND_OPTION]: find };
}

/**
 * Gives gRPC the addresses of a Service's ready pods, in random order, so that
 * clients spread over them; gRPC connects to the first that answers. When they
 * cannot be asked for, the last ones stay.
 */
class KubernetesResolver implements experimental.Resolver {
  readonly #target: ServiceTarget;
  readonly #listener: experimental.ResolverListener;
  readonly #find: FindEndpoints;
  #known: readonly string[] = [];
  #startedMs = Number.NEGATIVE_INFINITY;
  #isWanted = false;
  #looking: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(uri: Uri, listener: experimental.ResolverListener, options: ChannelOptions) {
    this.#target = targetOf(uri);
    this.#listener = listener;
    this.#find = options[FIND_OPTION] as FindEndpoints;
  }

  static getDefaultAuthority(uri: Uri): string {
    const { service, namespace } = targetOf(uri);
    return `${service}.${namespace}.svc`;
  }

  updateResolution(): void {
    this.#isWanted = true;
    if (this.#looking === undefined) this.#lookIn(this.#startedMs + MIN_INTERVAL_MS - performance.now());
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#looking?.abort();
    this.#looking = undefined;
    this.#isWanted = false;
    this.#known = [];
  }

  #lookIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), Math.max(0, ms));
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const looking = new AbortController();
    this.#looking = looking;
    this.#startedMs = performance.now();
    this.#isWanted = false;
    const result = await this.#ask(looking.signal);
    // Destroyed meanwhile, and perhaps begun anew.
    if (this.#looking !== looking) return;
    this.#looking = undefined;
    const isGood = this.#take(result);
    // gRPC does not ask again after a failure that it was told of.
    this.#lookIn(this.#isWanted || !isGood ? this.#startedMs + MIN_INTERVAL_MS - performance.now() : REFRESH_MS);
  }

  async #ask(signal: AbortSignal): Promise<readonly string[] | Error> {
    try {
      return await this.#find(this.#target, AbortSignal.any([signal, AbortSignal.timeout(FIND_TIMEOUT_MS)]));
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** True when there are addresses, and they are of now. */
  #take(result: readonly string[] | Error): boolean {
    const { service, namespace } = this.#target;
    const name = `Service ${service} in namespace ${namespace}`;
    if (!(result instanceof Error)) {
      this.#known = result;
      if (result.length === 0) return this.#fail(`${name} has no ready pod`);
      this.#tell(result, `${name} has ${result.length} ready pods`);
      return true;
    }
    if (this.#known.length === 0) return this.#fail(`the pods of ${name} cannot be found: ${result.message}`);
    this.#tell(this.#known, `${name}: its pods of before, since they cannot be found now: ${result.message}`);
    return false;
  }

  #tell(addresses: readonly string[], note: string): void {
    const { port } = this.#target;
    const endpoints = shuffled(addresses).map((host) => ({ addresses: [{ host, port }] }));
    this.#listener(experimental.statusOrFromValue(endpoints), {}, null, note);
  }

  #fail(details: string): false {
    this.#listener(experimental.statusOrFromError({ code: status.UNAVAILABLE, details }), {}, null, details);
    return false;
  }
}

function targetOf(uri: Uri): ServiceTarget {
  const text = experimental.uriToString(uri);
  const target = parseServiceAddress(text);
  if (target === undefined) throw new WireError('BAD_ADDRESS', `'${text}' is no address of a Service`);
  return target;
}

function shuffled(addresses: readonly string[]): string[] {
  return addresses
    .map((address) => ({ address, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ address }) => address);
}
