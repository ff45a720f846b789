import { OptionError } from '@margay/runtime';

/** How long the CNI plugin waits for the agent's answer (packages/cni-plugin), seconds. */
const PLUGIN_WAIT_SECONDS = 30;

/**
 * Reads `--policy-timeout-seconds`, into milliseconds. The plugin must be
 * waiting still when the agent gives up: it is told why, and that all of it
 * was undone.
 *
 * @throws {OptionError}
 */
export function readPolicyTimeout(text: string): number {
  const seconds = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(seconds) && seconds > 0 && seconds < PLUGIN_WAIT_SECONDS) return seconds * 1_000;
  const range = `must be a number above 0 and below ${PLUGIN_WAIT_SECONDS}: so long does the CNI plugin wait`;
  throw new OptionError(`--policy-timeout-seconds is '${text}', but ${range}.`);
}
