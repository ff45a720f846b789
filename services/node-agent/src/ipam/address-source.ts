import { type IpAddress, parseAddress } from '@margay/ip';
import type { Clock } from '@margay/ports';
import { retry } from '@margay/runtime';
import { type ServiceClient, statusOf, unary } from '@margay/wire';

export interface AddressRequest {
  /** Owner of the address; asked again with the same one, IPAM gives the same address. */
  readonly handle: string;
  readonly use: 'USE_WORKLOAD' | 'USE_TUNNEL';
  /** For people who look at the block. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** The addresses of this node, from the IPAM service. */
export class AddressSource {
  readonly #client: ServiceClient<'margay.ipam.v1.Ipam'>;
  readonly #node: string;
  readonly #clock: Clock;

  constructor(parts: {
    readonly client: ServiceClient<'margay.ipam.v1.Ipam'>;
    readonly node: string;
    readonly clock: Clock;
  }) {
    this.#client = parts.client;
    this.#node = parts.node;
    this.#clock = parts.clock;
  }

  /**
   * One IPv4 address. Tries again, until the signal aborts, while the service
   * is away or busy.
   *
   * @throws {CallError} the service refused: no pool, no free address
   */
  async assign({ handle, use, attributes }: AddressRequest, signal: AbortSignal): Promise<IpAddress> {
    let last: unknown;
    try {
      const response = await retry(
        () => {
          const request = { node: this.#node, handle, count: 1, use, attributes: { ...attributes } };
          return unary(this.#client, 'autoAssign', request, { signal });
        },
        {
          clock: this.#clock,
          signal,
          initialMs: 50,
          maxMs: 1_000,
          shouldRetry: isPassing,
          onRetry: (error) => {
            last = error;
          },
        },
      );
      const address = response.assignments[0]?.address;
      if (address === undefined) throw new Error('IPAM gave no address');
      return parseAddress(address);
    } catch (error) {
      if (signal.aborted && last instanceof Error) throw last;
      throw error;
    }
  }

  /** Frees every address of the handle; none is no error. @throws {CallError} */
  async release(handle: string, signal?: AbortSignal): Promise<void> {
    await unary(this.#client, 'releaseHandle', { handle }, signal ? { signal } : {});
  }
}

export function tunnelHandle(node: string): string {
  return `ipip-tunnel-addr-${node}`;
}

function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  return status === 'UNAVAILABLE' || status === 'ABORTED' || status === 'DEADLINE_EXCEEDED';
}
