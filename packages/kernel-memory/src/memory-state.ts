import type { InterfaceAddress, IpAddress } from '@margay/ip';
import type { KernelError, KernelEvents } from '@margay/ports';
import type { Route } from '@margay/routing-core';

export type KernelEvent = KernelEvents extends { watch(signal: AbortSignal): AsyncIterable<infer Event> }
  ? Event
  : never;

/** What a test can let fail. */
export type MemoryOperation =
  | 'routes.list'
  | 'routes.apply'
  | 'podLinks.create'
  | 'podLinks.remove'
  | 'podLinks.list'
  | 'podLinks.check'
  | 'podLinks.repair'
  | 'ipip.ensure'
  | 'ipip.remove'
  | 'interfaces.list'
  | 'sysctls.read'
  | 'sysctls.write'
  | 'conntrack.forget';

export interface MemoryLink {
  readonly index: number;
  readonly name: string;
  up: boolean;
  mtuBytes: number;
  addresses: InterfaceAddress[];
  /** The other end of a pod link. */
  readonly pod?: { readonly namespacePath: string; readonly device: string };
}

/** A pod's end of its link. */
export interface MemoryPodEnd {
  readonly hostDevice: string;
  readonly mac: string;
  address: IpAddress | undefined;
  mtuBytes: number;
  up: boolean;
  hasNeighbour: boolean;
  hasGatewayRoute: boolean;
  /** `own`: one that the pod made in its place. */
  defaultRoute: 'margay' | 'own' | undefined;
}

/** One node's kernel as plain data, with the rules that tie its parts together. */
export class MemoryState {
  readonly links = new Map<string, MemoryLink>();
  readonly routes = new Map<string, Route>();
  /** Devices by name, by path of the namespace. */
  readonly namespaces = new Map<string, Map<string, MemoryPodEnd>>();
  readonly sysctls = new Map<string, string>();
  readonly #faults = new Map<MemoryOperation, KernelError[]>();
  readonly #listeners = new Set<(event: KernelEvent) => void>();
  #nextIndex = 1;

  constructor() {
    this.addLink({ name: 'lo', up: true, mtuBytes: 65_536 });
  }

  addLink(link: Omit<MemoryLink, 'index' | 'addresses'> & { readonly addresses?: InterfaceAddress[] }): MemoryLink {
    const added = { addresses: [], ...link, index: this.#nextIndex++ };
    this.links.set(link.name, added);
    this.emit('links');
    if (added.addresses.length > 0) this.emit('addresses');
    return added;
  }

  /** Takes the pod end and the routes over the device with it, as the kernel does. */
  deleteLink(name: string): boolean {
    const link = this.links.get(name);
    if (!link) return false;
    this.links.delete(name);
    if (link.pod) this.namespaces.get(link.pod.namespacePath)?.delete(link.pod.device);
    this.emit('links');
    for (const [key, { device }] of this.routes) {
      if (device === name && this.routes.delete(key)) this.emit('routes');
    }
    return true;
  }

  failNext(operation: MemoryOperation, error: KernelError): void {
    this.#faults.set(operation, [...(this.#faults.get(operation) ?? []), error]);
  }

  /** @throws {KernelError} that a test asked for. */
  begin(operation: MemoryOperation): void {
    const fault = this.#faults.get(operation)?.shift();
    if (fault) throw fault;
  }

  emit(event: KernelEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  listen(listener: (event: KernelEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
