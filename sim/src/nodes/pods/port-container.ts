import { messageOf } from '../error.ts';
import type { Listener } from '../listeners/listener.ts';
import { listenStreamEcho } from '../listeners/stream-echo.ts';
import { listenUdpEcho } from '../listeners/udp-echo.ts';
import { SystemCallError } from '../native/libc.ts';
import type { NetworkNamespace } from '../native/namespace.ts';
import type { ContainerState } from '../status/container-state.ts';
import { backoffMs } from './backoff.ts';
import type { ContainerHost, ContainerRunner } from './container.ts';
import type { ContainerSpec, PortSpec } from './spec.ts';

/** A container without a command: it answers on its declared ports. */
export class PortContainer implements ContainerRunner {
  readonly name: string;
  readonly #ports: readonly PortSpec[];
  readonly #host: ContainerHost;
  readonly #namespace: NetworkNamespace;
  #listeners: Listener[] = [];
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;
  state: ContainerState = { kind: 'waiting', reason: 'ContainerCreating', message: '' };
  unserved: string[] = [];

  constructor(
    spec: Extract<ContainerSpec, { kind: 'ports' }>,
    { host, namespace }: { readonly host: ContainerHost; readonly namespace: NetworkNamespace },
  ) {
    this.name = spec.name;
    this.#ports = spec.ports;
    this.#host = host;
    this.#namespace = namespace;
  }

  get restartCount(): number {
    return this.#failures;
  }

  /** Opens all ports, or none: a port that is taken is tried again later. */
  start(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    this.unserved = [];
    try {
      for (const port of this.#ports) this.#open(port);
      this.state = { kind: 'running', startedAt: this.#host.now() };
    } catch (error) {
      this.#closeAll();
      this.#failures += 1;
      this.state = { kind: 'waiting', reason: 'CrashLoopBackOff', message: messageOf(error) };
      this.#retry = setTimeout(() => void this.start(), backoffMs(this.#failures));
    }
    this.#host.changed();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    this.#closeAll();
    return Promise.resolve();
  }

  #open({ port, protocol }: PortSpec): void {
    const { reactor, message, podName } = this.#host;
    const namespace = this.#namespace;
    try {
      this.#listeners.push(
        protocol === 'udp'
          ? listenUdpEcho(port, { namespace, reactor, message })
          : listenStreamEcho(port, { namespace, reactor, protocol, name: podName }),
      );
    } catch (error) {
      if (error instanceof SystemCallError && isUnsupported(error)) {
        this.unserved.push(`this kernel has no ${protocol}: port ${port} is not served`);
        return;
      }
      const reason =
        error instanceof SystemCallError && error.reason === 'EADDRINUSE' ? 'it is taken' : messageOf(error);
      throw new Error(`cannot listen on ${protocol} port ${port}: ${reason}`, { cause: error });
    }
  }

  #closeAll(): void {
    for (const listener of this.#listeners) listener.close();
    this.#listeners = [];
  }
}

function isUnsupported({ reason }: SystemCallError): boolean {
  return reason === 'EPROTONOSUPPORT' || reason === 'ESOCKTNOSUPPORT';
}
