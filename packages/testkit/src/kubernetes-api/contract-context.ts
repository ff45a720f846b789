import type { ApiClient } from './api-client.ts';

/** A server that speaks the Kubernetes API, with Margay's custom kinds loaded. */
export interface ServedApi {
  readonly client: ApiClient;
  /** Makes the server forget the history of all objects up to now. */
  compact(): Promise<void>;
  close(): Promise<void>;
}

/** What a test of the suite works with: it reads both inside tests only. */
export interface ContractContext {
  readonly api: ApiClient;
  readonly server: ServedApi;
}
