import type { Logger } from '@margay/ports';

export interface ListenAddress {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

export interface ApiServerOptions {
  /** The SQLite file; `:memory:` keeps nothing. */
  readonly database: string;
  readonly listen?: readonly ListenAddress[];
  /** File descriptors of sockets that listen already. */
  readonly listenFds?: readonly number[];
  /** PEM. Without it the server speaks plain HTTP, which is for tests on the loopback alone. */
  readonly tls?: { readonly certificate: string; readonly privateKey: string; readonly clientCa?: string };
  /** Users by bearer token. */
  readonly tokens?: ReadonlyMap<string, string>;
  /** The directory of CustomResourceDefinition manifests; those of the Helm chart where absent. */
  readonly crdDir?: string;
  readonly logger?: Logger;
  /** How many changes are kept for watches that resume (default 20,000). */
  readonly historyLength?: number;
  /** How often watches get bookmarks, if they want them (default 60,000). */
  readonly bookmarkIntervalMs?: number;
  /** How long a read waits for a version that has not come yet (default 3,000). */
  readonly versionWaitMs?: number;
  /** Milliseconds since the epoch (default: the machine's clock). */
  readonly now?: () => number;
}
