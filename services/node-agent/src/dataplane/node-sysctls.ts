import type { Sysctls } from '@margay/ports';

/**
 * Without it the node drops what its pods send. Reverse path filtering stays
 * as the administrator has it.
 *
 * @throws {KernelError} `REJECTED`
 */
export async function ensureForwarding(sysctls: Sysctls): Promise<void> {
  if ((await sysctls.read('net.ipv4.ip_forward')).trim() === '1') return;
  await sysctls.write('net.ipv4.ip_forward', '1');
}
