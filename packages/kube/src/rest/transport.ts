/** How requests reach the API server: what the two clients differ in. */
export interface Transport {
  /**
   * Resolves with the head of the answer.
   *
   * @throws whatever the network threw; the store makes it `UNAVAILABLE`.
   */
  send(request: TransportRequest): Promise<TransportResponse>;
  /**
   * An answer did not come: requests from now on go over new connections,
   * since the others of before may be as dead. Those under way go on.
   */
  distrustConnections?(): void;
}

export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, from the server's root. */
  readonly path: string;
  /** Media types that the caller reads; absent: JSON. */
  readonly accept?: string;
  readonly body?: { readonly type: string; readonly text: string };
  readonly signal: AbortSignal;
}

export interface TransportResponse {
  readonly status: number;
  /** What the header Retry-After says, when it says seconds. */
  readonly retryAfterSeconds?: number;
  text(): Promise<string>;
  /** The body as it comes. Leaving the loop ends the request. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** The header Retry-After as a number of seconds; a date is not used by Kubernetes. */
export function retryAfterOf(header: string | undefined): { readonly retryAfterSeconds?: number } {
  if (header === undefined || !/^[0-9]{1,6}$/.test(header)) return {};
  return { retryAfterSeconds: Number(header) };
}
