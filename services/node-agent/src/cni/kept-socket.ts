import { dirname } from 'node:path';
import { type CniServer, type CniServerOptions, startCniServer } from '@margay/cni-plugin';
import type { Logger } from '@margay/ports';
import { writingInto } from '../state/folder-gone.ts';

/** The server that the plugin calls, at its path for as long as it is kept there. */
export class KeptSocket {
  readonly #options: CniServerOptions;
  readonly #logger: Pick<Logger, 'warn'>;
  #server: CniServer | undefined;

  constructor(options: CniServerOptions, logger: Pick<Logger, 'warn'>) {
    this.#options = options;
    this.#logger = logger;
  }

  /**
   * One look: starts the server, and a new one when the path is no longer its
   * own. Calls under way at the old one end, and the runtime repeats them.
   *
   * @throws {FolderGoneError} its directory has to be mounted again
   * @throws {Error} the socket cannot be made; call it again
   */
  async keep(): Promise<void> {
    const old = this.#server;
    if (await old?.ownsPath()) return;
    const path = this.#options.socketPath;
    this.#server = await writingInto(dirname(path), () => startCniServer(this.#options));
    if (!old) return;
    this.#logger.warn({ path }, 'the socket was taken away: made again');
    await old.close();
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }
}
