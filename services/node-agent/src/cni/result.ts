import type { NetworkConfiguration } from './network-configuration.ts';

/** The address that a pod link's default route leads to. The kernel of the node never has it. */
const POD_GATEWAY = '169.254.1.1';

/** What ADD made. */
export interface AddedLink {
  readonly hostDevice: string;
  readonly hostMac: string;
  readonly podMac: string;
  readonly ifname: string;
  readonly netns: string;
  readonly address: string;
  readonly mtuBytes: number;
}

/**
 * The result of ADD in the shape of the configuration's version. Interface 0
 * is the host end, 1 the pod end; those of `prevResult` come before.
 *
 * Source: CNI specification 1.1.0, "Add Success"; `ips[].version` is required
 * up to 0.4.0 and gone from 1.0.0 on, `mtu` came with 1.1.0.
 */
export function addResult(link: AddedLink, config: NetworkConfiguration): string {
  const { cniVersion, prevResult } = config;
  const isOld = cniVersion === '0.3.1' || cniVersion === '0.4.0';
  const mtu = cniVersion === '1.1.0' ? { mtu: link.mtuBytes } : {};
  const earlier = listOf(prevResult, 'interfaces');
  const interfaces = [
    ...earlier,
    { name: link.hostDevice, mac: link.hostMac, ...mtu },
    { name: link.ifname, mac: link.podMac, sandbox: link.netns, ...mtu },
  ];
  const version = isOld ? { version: '4' } : {};
  const ip = { ...version, address: `${link.address}/32`, interface: earlier.length + 1 };
  const dns = prevResult?.dns ?? config.dns;
  return print({
    cniVersion,
    interfaces,
    ips: [...listOf(prevResult, 'ips'), ip],
    routes: [...listOf(prevResult, 'routes'), { dst: '0.0.0.0/0', gw: POD_GATEWAY }],
    ...((isOld || Object.keys(dns).length > 0) && { dns }),
  });
}

export function print(value: object): string {
  return `${JSON.stringify(value, undefined, 4)}\n`;
}

function listOf(result: Readonly<Record<string, unknown>> | undefined, key: string): readonly unknown[] {
  const list = result?.[key];
  return Array.isArray(list) ? list : [];
}
