import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type IpAddress, parseAddress, parseCidr } from '@margay/ip';
import type { Interfaces, Logger } from '@margay/ports';
import { IPIP_DEVICE, type NodeAddress } from '@margay/routing-core';
import { DurableFile } from '@margay/runtime';
import { Change } from '../state/change.ts';
import type { SavedFile } from '../state/saved-file.ts';

/** In the state directory. */
export const NODE_FILE = 'node.json';

export interface LoadOptions {
  readonly stateDir: string;
  readonly interfaces: Interfaces;
  readonly logger: Logger;
}

interface Saved {
  readonly version: 1;
  readonly underlay?: NodeAddress;
  readonly tunnelAddress?: IpAddress;
}

/**
 * How this node is reached: its underlay address, and its tunnel address while
 * it has one. Saved, so that a restart needs neither the API nor IPAM. Without
 * the file the address of a tunnel that works is read from its device.
 */
export class NodeState {
  readonly changed = new Change();
  /** Only once an address is known: a file without one would say that the Node knows no more. */
  readonly saved: SavedFile = {
    name: NODE_FILE,
    isDue: () => this.#underlay !== undefined || this.#tunnelAddress !== undefined,
    content: () => this.#content(),
    save: () => this.#file.save(),
  };
  readonly #path: string;
  readonly #file: DurableFile;
  #underlay: NodeAddress | undefined;
  #tunnelAddress: IpAddress | undefined;
  #isLost = false;
  #isTunnelGivenUp = false;

  private constructor(path: string) {
    this.#path = path;
    this.#file = new DurableFile({ path, content: () => this.#content() });
  }

  static async load({ stateDir, interfaces, logger }: LoadOptions): Promise<NodeState> {
    const state = new NodeState(join(stateDir, NODE_FILE));
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
      state.#isLost = true;
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        logger.warn({ reason: String(error) }, 'the saved node address cannot be read; finding it again');
      }
    }
    try {
      const device = (await interfaces.list()).find(({ name }) => name === IPIP_DEVICE);
      state.#tunnelAddress ??= device?.addresses[0]?.address;
    } catch (error) {
      logger.warn({ reason: String(error) }, 'the devices of this node cannot be listed');
    }
    return state;
  }

  get underlay(): NodeAddress | undefined {
    return this.#underlay;
  }

  get tunnelAddress(): IpAddress | undefined {
    return this.#tunnelAddress;
  }

  /** The file was not there, or damaged: the Node may know more. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Decided in this process: there is to be no tunnel. Not knowing an address is not that. */
  get isTunnelGivenUp(): boolean {
    return this.#isTunnelGivenUp;
  }

  async setUnderlay(underlay: NodeAddress): Promise<void> {
    if (JSON.stringify(underlay) === JSON.stringify(this.#underlay)) return;
    this.#underlay = underlay;
    this.changed.notify();
    await this.#file.save();
  }

  async setTunnelAddress(address: IpAddress): Promise<void> {
    this.#isTunnelGivenUp = false;
    await this.#setTunnel(address);
  }

  /** From here on the tunnel may be removed. */
  async giveUpTunnel(): Promise<void> {
    this.#isTunnelGivenUp = true;
    await this.#setTunnel(undefined);
  }

  async #setTunnel(address: IpAddress | undefined): Promise<void> {
    if (address === this.#tunnelAddress) return;
    this.#tunnelAddress = address;
    this.changed.notify();
    await this.#file.save();
  }

  #content(): string {
    const saved: Saved = {
      version: 1,
      ...(this.#underlay && { underlay: this.#underlay }),
      ...(this.#tunnelAddress && { tunnelAddress: this.#tunnelAddress }),
    };
    return `${JSON.stringify(saved, undefined, 1)}\n`;
  }
}
