/** The value below which a share of the samples lies, by nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

/** `ok` or `missed`, against a limit. */
export function verdict(value: number, comparison: '<=' | '>=', limit: number): string {
  return (comparison === '<=' ? value <= limit : value >= limit) ? 'reached' : 'missed';
}
