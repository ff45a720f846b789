import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type IpAddress, parseAddress, parseCidr } from '@margay/ip';
import type { Logger } from '@margay/ports';
import type { NodeAddress } from '@margay/routing-core';
import { Change } from '../state/change.ts';
import { writeDurably } from '../state/durable-file.ts';

interface Saved {
  readonly version: 1;
  readonly underlay?: NodeAddress;
  readonly tunnelAddress?: IpAddress;
}

/**
 * How this node is reached: its underlay address, and its tunnel address while
 * it has one. Saved, so that a restart needs neither the API nor IPAM.
 */
export class NodeState {
  readonly changed = new Change();
  readonly #path: string;
  #underlay: NodeAddress | undefined;
  #tunnelAddress: IpAddress | undefined;

  private constructor(path: string) {
    this.#path = path;
  }

  static async load(stateDir: string, logger: Logger): Promise<NodeState> {
    const state = new NodeState(join(stateDir, 'node.json'));
    try {
      const saved = JSON.parse(await readFile(state.#path, 'utf8')) as Saved;
      const { underlay, tunnelAddress } = saved;
      if (underlay) {
        const { device, address, prefixLength, subnet, mtuBytes } = underlay;
        state.#underlay = {
          device,
          address: parseAddress(address),
          prefixLength,
          subnet: parseCidr(subnet),
          mtuBytes,
        };
      }
      if (tunnelAddress) state.#tunnelAddress = parseAddress(tunnelAddress);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        logger.warn({ reason: String(error) }, 'the saved node address cannot be read; finding it again');
      }
    }
    return state;
  }

  get underlay(): NodeAddress | undefined {
    return this.#underlay;
  }

  get tunnelAddress(): IpAddress | undefined {
    return this.#tunnelAddress;
  }

  async setUnderlay(underlay: NodeAddress): Promise<void> {
    if (JSON.stringify(underlay) === JSON.stringify(this.#underlay)) return;
    this.#underlay = underlay;
    this.changed.notify();
    await this.#save();
  }

  async setTunnelAddress(address: IpAddress | undefined): Promise<void> {
    if (address === this.#tunnelAddress) return;
    this.#tunnelAddress = address;
    this.changed.notify();
    await this.#save();
  }

  async #save(): Promise<void> {
    const saved: Saved = {
      version: 1,
      ...(this.#underlay && { underlay: this.#underlay }),
      ...(this.#tunnelAddress && { tunnelAddress: this.#tunnelAddress }),
    };
    await writeDurably(this.#path, `${JSON.stringify(saved, undefined, 1)}\n`);
  }
}
