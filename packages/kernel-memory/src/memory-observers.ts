import type { IpAddress } from '@margay/ip';
import {
  type Conntrack,
  type Interfaces,
  KernelError,
  type KernelEvents,
  type NetworkInterface,
  type Sysctls,
} from '@margay/ports';
import type { KernelEvent, MemoryState } from './memory-state.ts';

export class MemoryInterfaces implements Interfaces {
  readonly #state: MemoryState;

  constructor(state: MemoryState) {
    this.#state = state;
  }

  async list(): Promise<NetworkInterface[]> {
    this.#state.begin('interfaces.list');
    return [...this.#state.links.values()].map(({ index, name, up, mtuBytes, addresses }) => ({
      index,
      name,
      up,
      mtuBytes,
      addresses: [...addresses],
    }));
  }
}

export class MemoryKernelEvents implements KernelEvents {
  readonly #state: MemoryState;

  constructor(state: MemoryState) {
    this.#state = state;
  }

  watch(signal: AbortSignal): AsyncIterable<KernelEvent> {
    const pending = new Set<KernelEvent>();
    let wake: (() => void) | undefined;
    const stop = this.#state.listen((event) => {
      pending.add(event);
      wake?.();
    });
    signal.addEventListener('abort', () => wake?.(), { once: true });
    return iterate();

    async function* iterate(): AsyncGenerator<KernelEvent> {
      try {
        while (!signal.aborted) {
          const [event] = pending;
          if (event !== undefined) {
            pending.delete(event);
            yield event;
            continue;
          }
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      } finally {
        stop();
      }
    }
  }
}

/** Settings that were never written read as `0`, below devices that exist. */
export class MemorySysctls implements Sysctls {
  readonly #state: MemoryState;

  constructor(state: MemoryState) {
    this.#state = state;
  }

  async read(name: string): Promise<string> {
    this.#state.begin('sysctls.read');
    const path = pathOf(name);
    this.#check(path);
    return this.#state.sysctls.get(path) ?? '0';
  }

  async write(name: string, value: string): Promise<void> {
    this.#state.begin('sysctls.write');
    const path = pathOf(name);
    this.#check(path);
    this.#state.sysctls.set(path, value);
  }

  #check(path: string): void {
    const parts = path.split('/');
    const known = ['net', 'kernel', 'vm', 'fs'].includes(parts[0] ?? '');
    const device = parts[2] === 'conf' || parts[2] === 'neigh' ? parts[3] : undefined;
    const deviceMissing =
      device !== undefined && device !== 'all' && device !== 'default' && !this.#state.links.has(device);
    if (!known || deviceMissing) throw new KernelError('MISSING', `${path}: no such setting`);
  }
}

export class MemoryConntrack implements Conntrack {
  readonly #state: MemoryState;
  #flows: { readonly source: IpAddress; readonly destination: IpAddress }[] = [];

  constructor(state: MemoryState) {
    this.#state = state;
  }

  /** A flow that the kernel tracks from now on. */
  track(source: IpAddress, destination: IpAddress): void {
    this.#flows.push({ source, destination });
  }

  /** Flows from or to the address that are tracked. */
  count(address: IpAddress): number {
    return this.#flows.filter(({ source, destination }) => source === address || destination === address).length;
  }

  async forget(address: IpAddress): Promise<void> {
    this.#state.begin('conntrack.forget');
    this.#flows = this.#flows.filter(({ source, destination }) => source !== address && destination !== address);
  }
}

/** The same two forms as sysctl(8): the first separator decides. */
function pathOf(name: string): string {
  const first = name.search(/[./]/);
  const slashed = first === -1 || name[first] === '/';
  const parts = slashed ? name.split('/') : name.split('.').map((part) => part.replaceAll('/', '.'));
  if (parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw new KernelError('REJECTED', `'${name}' is no kernel setting: write it as net.ipv4.ip_forward`);
  }
  return parts.join('/');
}
