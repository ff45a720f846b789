import { KindError } from './kind-error.ts';

/** A name that has passed `parseClusterName`. */
export type ClusterName = string & { readonly __brand: 'ClusterName' };

/**
 * Host names have at most 63 characters, and kind appends up to 23 to the
 * cluster's name (`-external-load-balancer`).
 */
export const MAX_NAME_LENGTH = 40;

/** @throws {KindError} `BAD_NAME` */
export function parseClusterName(text: string): ClusterName {
  if (text.length > MAX_NAME_LENGTH) throw refuse(text, `has more than ${MAX_NAME_LENGTH} characters`);
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(text)) throw refuse(text, 'does not fit');
  return text as ClusterName;
}

function refuse(text: string, why: string): KindError {
  const shown = JSON.stringify(text.slice(0, MAX_NAME_LENGTH + 20));
  const remedy = 'Use lower-case letters, digits, dots and dashes, with a letter or digit at both ends.';
  return new KindError('BAD_NAME', `The cluster name ${shown} ${why}. ${remedy}`);
}
