import { type FSWatcher, mkdirSync, watch } from 'node:fs';
import { loadNetworkList } from '../cni/index.ts';
import { messageOf } from '../error.ts';

/** A change that the watch missed is seen within this time, milliseconds. */
const POLL_MS = 2000;

/** Follows the CNI configuration directory: the network is ready once it holds a valid list. */
export class NetworkReadiness {
  readonly #dir: string;
  readonly #watcher: FSWatcher;
  readonly #timer: NodeJS.Timeout;
  readonly #onChange: () => void;
  #notReady: string | undefined;

  /** The directory is made when it is missing. */
  constructor(dir: string, onChange: () => void) {
    this.#dir = dir;
    this.#onChange = onChange;
    mkdirSync(dir, { recursive: true });
    this.#notReady = this.#look();
    this.#watcher = watch(dir, () => this.#update());
    // A watch that fails leaves the poll.
    this.#watcher.on('error', () => undefined);
    this.#timer = setInterval(() => this.#update(), POLL_MS);
  }

  /** Undefined: ready. Else why not. */
  get notReady(): string | undefined {
    return this.#notReady;
  }

  close(): void {
    this.#watcher.close();
    clearInterval(this.#timer);
  }

  #update(): void {
    const before = this.#notReady;
    this.#notReady = this.#look();
    if (before !== this.#notReady) this.#onChange();
  }

  #look(): string | undefined {
    try {
      loadNetworkList(this.#dir);
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }
}
