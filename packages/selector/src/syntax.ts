import { SelectorError } from './error.ts';

/**
 * Longest label name part and label value, in characters.
 * Source: Kubernetes documentation, "Labels and Selectors", syntax and character set.
 */
const MAX_NAME_LENGTH = 63;
/** Longest prefix of a label key, in characters: a DNS subdomain. */
const MAX_PREFIX_LENGTH = 253;

const NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** `[prefix/]name`. @throws {SelectorError} `BAD_KEY` */
export function checkLabelKey(key: string, path: string): void {
  if (!isLabelKey(key)) {
    throw new SelectorError(
      'BAD_KEY',
      path,
      `'${key}' is not a label key: write a name of letters, digits, '-', '_' and '.', such as app or example.com/app`,
    );
  }
}

/** Empty, or like the name of a key. @throws {SelectorError} `BAD_VALUE` */
export function checkLabelValue(value: string, path: string): void {
  if (!isLabelValue(value)) {
    throw new SelectorError(
      'BAD_VALUE',
      path,
      `'${value}' is not a label value: write at most ${MAX_NAME_LENGTH} letters, digits, '-', '_' and '.', starting and ending with a letter or digit`,
    );
  }
}

export function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  if (name.length > MAX_NAME_LENGTH || !NAME.test(name)) return false;
  if (slash === -1) return true;
  const prefix = key.slice(0, slash);
  return prefix.length <= MAX_PREFIX_LENGTH && DNS_SUBDOMAIN.test(prefix);
}

export function isLabelValue(value: string): boolean {
  return value === '' || (value.length <= MAX_NAME_LENGTH && NAME.test(value));
}
