// Takes out of what a node says of its packet filter what changes by itself,
// and what is kube-proxy's and the kubelet's. Pure.

/** Without empty lines. */
export function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** Of iptables-save: what the chains have counted, and when it was asked. */
export function withoutCounters(lines: readonly string[]): string[] {
  return lines.filter((line) => !line.startsWith('#')).map((line) => line.replace(/ \[\d+:\d+\]$/, ''));
}

/**
 * Without the chains that kube-proxy and the kubelet keep, and the rules that
 * lead there: they change with every Service and pod, and at times by
 * themselves. What `nft list ruleset` or `iptables-save` prints.
 */
export function withoutKubeProxy(lines: readonly string[]): string[] {
  const kept: string[] = [];
  let isInside = false;
  for (const line of lines) {
    if (/^\s*chain KUBE-/.test(line)) isInside = true;
    const isTheirs = isInside || /^:KUBE-|^-A KUBE-|(-j|-g|jump|goto) KUBE-/.test(line);
    if (!isTheirs && !line.startsWith('#')) kept.push(line);
    if (isInside && /^\s*\}/.test(line)) isInside = false;
  }
  return kept;
}
