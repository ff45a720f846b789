import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNamedNamespace, deleteNamedNamespace } from '../src/namespaces/index.ts';
import { openRouteSocket } from '../src/rtnetlink/index.ts';

/** Named namespaces in a folder of their own, for one test. */
export class ScratchNamespaces {
  readonly #folder = mkdtempSync(join(tmpdir(), 'margay-kernel-'));
  readonly #paths = new Set<string>();

  path(name: string): string {
    return join(this.#folder, name);
  }

  create(name: string): string {
    const path = this.path(name);
    createNamedNamespace(path);
    this.#paths.add(path);
    return path;
  }

  /** With two veth pairs, all four ends up; `first0` holds 192.0.2.10/24. */
  createWithDevices(name: string): { path: string; devices: readonly [string, string] } {
    const path = this.create(name);
    using client = openRouteSocket({ namespacePath: path });
    for (const device of ['first', 'second']) {
      client.createVeth({ name: `${device}0`, up: true, peer: { name: `${device}1`, up: true } });
    }
    client.addAddress('first0', '192.0.2.10/24');
    return { path, devices: ['first0', 'second0'] };
  }

  delete(path: string): void {
    deleteNamedNamespace(path);
    this.#paths.delete(path);
  }

  dispose(): void {
    for (const path of this.#paths) deleteNamedNamespace(path);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
