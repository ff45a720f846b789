/** Longest chain or set name, in bytes without the final zero. Source: linux/netfilter/nf_tables.h, NFT_NAME_MAXLEN 256; older kernels took 31, none since 4.14. */
const NAME_MAX_LENGTH = 120;

/**
 * A name that the kernel and `nft` accept: the identifier itself where it can
 * be, so that an operator who lists the table recognises it; a long or unusual
 * one is cut and told apart by a hash.
 */
export function kernelName(kind: 'policy' | 'set' | 'pods', identifier: string, suffix = ''): string {
  const safe = identifier.replaceAll(/[^A-Za-z0-9_./-]/g, '_');
  const plain = `${kind}-${safe}${suffix}`;
  if (safe === identifier && plain.length <= NAME_MAX_LENGTH) return plain;
  const hash = hash64(identifier);
  return `${kind}-${safe.slice(0, NAME_MAX_LENGTH - kind.length - suffix.length - 18)}-${hash}${suffix}`;
}

/** FNV-1a, 64 bits, in hex. Names apart, nothing secret. */
export function hash64(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
