import { readFileSync } from 'node:fs';
import { versionOf } from '@margay/ip';
import { type IpipDriver, KernelError } from '@margay/ports';
import type { IpipTunnel } from '@margay/routing-core';
import { closeFd } from '../libc/index.ts';
import { type NamespaceRef, type NetlinkRoute, openRouteSocket } from '../rtnetlink/index.ts';
import { type Attachment, attach, detach, listAttachments } from './traffic-control.ts';
import { ensureTunnelDevice, removeTunnelDevice } from './tunnel-device.ts';
import { type TunnelCounters, TunnelMaps, type TunnelSettings, tryPrograms } from './tunnel-programs.ts';

export interface EbpfIpipDriverOptions {
  /** Where the tunnel is; the namespace of this process when absent. */
  readonly namespacePath?: NamespaceRef;
}

type Place = Omit<Attachment, 'programId'>;

/**
 * IP-in-IP by two eBPF programs, for kernels without `type ipip` devices;
 * bpf/ipip.bpf.c says what they do to a packet.
 *
 * bpf(2) and netlink are called directly, and the object is read by a reader
 * of 100 lines, rather than through libbpf: that library's version and its
 * very presence differ between distributions, and of all it does (BTF,
 * CO-RE, skeletons) two programs without kernel structures need nothing.
 *
 * Nothing is pinned and no file descriptor is kept: the tc filters hold the
 * programs and these their maps, so that the tunnel works on without the
 * agent, and a restarted one finds all of it by the filters' program ids.
 * Maps with other settings or programs of another build are filled before
 * they take the place of the old ones, each in one step.
 *
 * Large (GSO) packets pass whole, but the kernel marks what a program has
 * changed as unchecked and looks at its headers again at every virtual device:
 * some percent of throughput. Of GSO packets only TCP and UDP can be changed;
 * those of SCTP are dropped, so pods with SCTP need that offload switched off.
 *
 * Needs Linux 5.13: `bpf_redirect_neigh` (5.10), batched reads of a prefix map.
 */
export class EbpfIpipDriver implements IpipDriver {
  readonly driver = 'ebpf';
  readonly #namespacePath: NamespaceRef | undefined;
  #tried = false;

  constructor({ namespacePath }: EbpfIpipDriverOptions = {}) {
    this.#namespacePath = namespacePath;
  }

  async ensure(tunnel: IpipTunnel): Promise<{ readonly changed: boolean }> {
    checkFamilies(tunnel);
    this.#tryOnce();
    return this.#withRoutes((rt) => ensure(rt, tunnel));
  }

  async remove(device: string): Promise<void> {
    this.#withRoutes((rt) => {
      const index = rt.findLink(device)?.index;
      const live = new Set(rt.listLinks().map((link) => link.index));
      for (const attachment of listAttachments(rt.socket)) {
        const target = tunnelIndexOf(attachment);
        // Programs of another release, or of a device that is gone, lead nowhere.
        if (target === undefined || target === index || !live.has(target)) detach(rt.socket, attachment);
      }
      removeTunnelDevice(rt, device);
    });
  }

  /** Undefined when there is no tunnel by this build of the programs. */
  counters(device: string): TunnelCounters | undefined {
    return this.#withRoutes((rt) => {
      const linkIndex = rt.findLink(device)?.index;
      const attachment = listAttachments(rt.socket).find((each) => each.linkIndex === linkIndex);
      const found = attachment && TunnelMaps.ofProgram(attachment.programId, attachment.direction);
      if (!found) return undefined;
      try {
        return found.maps.counters(possibleProcessors());
      } finally {
        found.maps.close();
      }
    });
  }

  #withRoutes<T>(run: (rt: NetlinkRoute) => T): T {
    const rt = openRouteSocket(this.#namespacePath === undefined ? {} : { namespacePath: this.#namespacePath });
    try {
      return run(rt);
    } finally {
      rt.close();
    }
  }

  /** Before anything is made: a kernel that takes no programs is left as it is. */
  #tryOnce(): void {
    if (this.#tried) return;
    try {
      tryPrograms();
      this.#tried = true;
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      const reason =
        error.code === 'NOT_PERMITTED'
          ? 'IP-in-IP by eBPF needs root on the machine itself, not in a user namespace'
          : `this kernel does not take the eBPF programs of IP-in-IP (${error.message})`;
      throw new KernelError('UNSUPPORTED', reason, { cause: error });
    }
  }
}

function ensure(rt: NetlinkRoute, tunnel: IpipTunnel): { changed: boolean } {
  const { device, underlay, remotes } = tunnel;
  const below = rt.findLink(underlay.device);
  if (!below) throw new KernelError('MISSING', `the device ${underlay.device} that carries ${device} does not exist`);
  if (below.mac === undefined) {
    throw new KernelError('UNSUPPORTED', `IP-in-IP by eBPF needs an Ethernet device, and ${underlay.device} is none`);
  }
  const { link, changed } = ensureTunnelDevice(rt, tunnel);
  const settings: TunnelSettings = {
    tunnelIndex: link.index,
    underlayIndex: below.index,
    underlayAddress: underlay.address,
    tunnelMac: link.mac ?? '',
  };
  const egress: Place = { linkIndex: link.index, direction: 'egress' };
  const ingress: Place = { linkIndex: below.index, direction: 'ingress' };
  const attachments = listAttachments(rt.socket);
  const strangers = attachments.filter((each) => !isAt(each, egress) && !isAt(each, ingress));
  for (const stranger of strangers) detach(rt.socket, stranger);

  const current = currentMaps(attachments, [egress, ingress]);
  try {
    if (current?.hasSettings(settings)) {
      const moved = current.setRemotes(remotes);
      return { changed: changed || moved || strangers.length > 0 };
    }
  } finally {
    current?.close();
  }
  replacePrograms(rt, settings, tunnel, [ingress, egress]);
  return { changed: true };
}

/** The maps that both places share; undefined when a program is missing, of another build, or has maps of its own. */
function currentMaps(attachments: readonly Attachment[], places: readonly Place[]): TunnelMaps | undefined {
  const found = places.map((place) => {
    const attachment = attachments.find((each) => isAt(each, place));
    return attachment && TunnelMaps.ofProgram(attachment.programId, attachment.direction);
  });
  const [first, ...rest] = found;
  for (const other of rest) other?.maps.close();
  if (first && rest.every((other) => other?.key === first.key)) return first.maps;
  first?.maps.close();
  return undefined;
}

function replacePrograms(
  rt: NetlinkRoute,
  settings: TunnelSettings,
  { remotes }: IpipTunnel,
  places: readonly Place[],
): void {
  const maps = TunnelMaps.create(settings);
  try {
    maps.setRemotes(remotes);
    for (const place of places) {
      const fd = maps.load(place.direction);
      try {
        attach(rt.socket, place, fd);
      } finally {
        closeFd(fd);
      }
    }
  } finally {
    maps.close();
  }
}

function tunnelIndexOf({ programId, direction }: Attachment): number | undefined {
  const found = TunnelMaps.ofProgram(programId, direction);
  try {
    return found?.maps.tunnelIndex;
  } finally {
    found?.maps.close();
  }
}

function isAt(attachment: Attachment, place: Place): boolean {
  return attachment.linkIndex === place.linkIndex && attachment.direction === place.direction;
}

function checkFamilies({ address, underlay, remotes }: IpipTunnel): void {
  const addresses = [address, underlay.address, ...remotes.flatMap(({ network, node }) => [network, node])];
  const other = addresses.find((each) => versionOf(each) !== 4);
  if (other !== undefined) throw new KernelError('REJECTED', `IP-in-IP carries IPv4 only, not ${other}`);
}

/** Per-processor map values come for every processor that the kernel could have, not only those online. */
function possibleProcessors(): number {
  const ranges = readFileSync('/sys/devices/system/cpu/possible', 'utf8').trim().split(',');
  return Math.max(...ranges.map((range) => Number(range.split('-').at(-1)))) + 1;
}
