import type { Sysctls } from '@margay/ports';
import type { NodeChanges } from '../state/node-changes.ts';

const IP_FORWARD = 'net.ipv4.ip_forward';

/**
 * Without it the node drops what its pods send. Reverse path filtering stays
 * as the administrator has it. The value from before is noted first.
 *
 * @throws {KernelError} `REJECTED`
 */
export async function ensureForwarding(sysctls: Sysctls, changes: Pick<NodeChanges, 'noteSysctl'>): Promise<void> {
  const current = (await sysctls.read(IP_FORWARD)).trim();
  if (current === '1') return;
  await changes.noteSysctl(IP_FORWARD, current);
  await sysctls.write(IP_FORWARD, '1');
}

/**
 * Puts back the values from before. One that somebody has set to a third value
 * since, and a setting of a device that is gone, stay.
 *
 * @throws {KernelError} `REJECTED`
 */
export async function restoreSysctls(sysctls: Sysctls, changes: Pick<NodeChanges, 'sysctls'>): Promise<void> {
  for (const [name, original] of changes.sysctls) {
    if ((await sysctls.read(name)).trim() === '1') await sysctls.write(name, original);
  }
}
