import { isIP, isIPv4 } from 'node:net';
import { KubeletError } from '../error.ts';

/** A plugin's answer to ADD, as it stands. Passed on as `prevResult`. */
export type CniResult = Readonly<Record<string, unknown>>;

/**
 * @param configVersion taken when the answer names none.
 * @throws {KubeletError} `PLUGIN_FAILED`: it is no JSON object.
 */
export function parseResult(type: string, stdout: string, configVersion: string): CniResult {
  let value: unknown;
  try {
    value = JSON.parse(stdout);
  } catch {
    throw new KubeletError('PLUGIN_FAILED', `plugin type="${type}" succeeded, but its result is not JSON`);
  }
  if (value === null) return { cniVersion: configVersion };
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new KubeletError('PLUGIN_FAILED', `plugin type="${type}" succeeded, but its result is not an object`);
  }
  return { cniVersion: configVersion, ...value };
}

/**
 * The addresses of the pod's interface, IPv4 first, without prefix length.
 * An address that names no interface counts as the pod's (containerd).
 *
 * @throws {KubeletError} `PLUGIN_FAILED`: there is none, or an index is wrong.
 */
export function podAddresses(result: CniResult, ifName: string): string[] {
  const interfaces = listOf(result.interfaces);
  const addresses: string[] = [];
  for (const ip of [...listOf(result.ips), ...legacyIps(result)]) {
    const text = typeof ip.address === 'string' ? ip.address : ip.ip;
    if (typeof text !== 'string') continue;
    const index = ip.interface;
    if (typeof index === 'number') {
      const device = interfaces[index];
      if (!device) throw new KubeletError('PLUGIN_FAILED', `the result has no interface ${index}, which ${text} names`);
      if (device.name !== ifName || !device.sandbox) continue;
    }
    const address = text.split('/')[0] ?? '';
    if (isIP(address) !== 0) addresses.push(address);
  }
  if (addresses.length === 0) throw new KubeletError('PLUGIN_FAILED', `the result has no address for ${ifName}`);
  return [...addresses.filter((address) => isIPv4(address)), ...addresses.filter((address) => !isIPv4(address))];
}

/** Versions 0.1.0 and 0.2.0 have one address a family. */
function legacyIps(result: CniResult): Record<string, unknown>[] {
  return listOf([result.ip4, result.ip6]);
}

function listOf(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null);
}
