import type { Firewall, IpipDriver, Kernel } from '@margay/ports';
import { LinuxConntrack } from './conntrack/index.ts';
import { LinuxKernelEvents } from './events/index.ts';
import { EbpfIpipDriver } from './ipip/index.ts';
import { LinuxInterfaces } from './links/index.ts';
import { createNftablesFirewall, LinuxFilterTables } from './nftables/index.ts';
import { LinuxPodLinks } from './pod-links/index.ts';
import { LinuxRouteTable } from './routes/index.ts';
import { LinuxSysctls } from './sysctls/index.ts';

export interface LinuxKernelOptions {
  /** The eBPF driver when absent. */
  readonly ipip?: IpipDriver;
  /** nf_tables when absent. */
  readonly firewall?: Firewall;
}

/**
 * The kernel of the network namespace that this process runs in. Changes
 * nothing before it is used.
 *
 * @throws {KernelError} `NOT_PERMITTED`, `UNSUPPORTED`: no netlink here.
 */
export function createLinuxKernel({
  ipip = new EbpfIpipDriver(),
  firewall = createNftablesFirewall(),
}: LinuxKernelOptions = {}): Kernel {
  return {
    routes: new LinuxRouteTable(),
    podLinks: new LinuxPodLinks(),
    ipip,
    firewall,
    filterTables: new LinuxFilterTables(),
    interfaces: new LinuxInterfaces(),
    events: new LinuxKernelEvents(),
    sysctls: new LinuxSysctls(),
    conntrack: new LinuxConntrack(),
  };
}
