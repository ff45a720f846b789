/** How requests reach the API server: what the two clients differ in. */
export interface Transport {
  /**
   * Resolves with the head of the answer.
   *
   * @throws whatever the network threw; the store makes it `UNAVAILABLE`.
   */
  send(request: TransportRequest): Promise<TransportResponse>;
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
  text(): Promise<string>;
  /** The body as it comes. Leaving the loop ends the request. */
  chunks(): AsyncIterable<Uint8Array>;
}
