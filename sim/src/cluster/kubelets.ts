import { clientCredentials } from '@margay/runtime';
import { createClient, type ServiceClient, type simV1, unary } from '@margay/wire';

export type Protocol = simV1.Protocol;

export interface KubeletProbe {
  /** namespace/name */
  readonly from: string;
  readonly address: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly timeoutMs: number;
}

/** How much longer than the probe itself the call may take, for a busy machine. */
const CALL_SLACK_MS = 15_000;

/** The connections to the nodes' simulated kubelets. */
export class Kubelets {
  readonly #clients = new Map<string, ServiceClient<'margay.sim.v1.Kubelet'>>();

  add(node: string, socket: string): void {
    const client = createClient('margay.sim.v1.Kubelet', `unix:${socket}`, { credentials: clientCredentials() });
    this.#clients.set(node, client);
  }

  remove(node: string): void {
    this.#clients.get(node)?.close();
    this.#clients.delete(node);
  }

  /** @throws {CallError} */
  async probe(node: string, probe: KubeletProbe, signal?: AbortSignal): Promise<simV1.ProbeResult> {
    return await unary(this.#clientOf(node), 'probe', probe, {
      timeoutMs: probe.timeoutMs + CALL_SLACK_MS,
      waitForReady: true,
      ...(signal && { signal }),
    });
  }

  /** @throws {CallError} */
  async sandboxes(node: string): Promise<simV1.Sandbox[]> {
    const { sandboxes } = await unary(this.#clientOf(node), 'listSandboxes', {}, { waitForReady: true });
    return sandboxes;
  }

  #clientOf(node: string): ServiceClient<'margay.sim.v1.Kubelet'> {
    const client = this.#clients.get(node);
    if (client === undefined) throw new Error(`there is no machine for node ${node}`);
    return client;
  }
}
