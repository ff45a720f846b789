const DECIMAL_SUFFIXES: readonly (readonly [suffix: string, exponent: number])[] = [
  ['E', 18],
  ['P', 15],
  ['T', 12],
  ['G', 9],
  ['M', 6],
  ['k', 3],
  ['', 0],
  ['m', -3],
  ['u', -6],
  ['n', -9],
];

const BINARY_SUFFIXES = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'] as const;

/** Quantities are exact to a billionth; what is finer is rounded up. */
const NANO = 1_000_000_000n;

/**
 * A quantity as Kubernetes writes it: a whole number with the largest suffix
 * that needs no fraction, of the family that it came with (`1000m` is `1`,
 * `1024Mi` is `1Gi`, `1.5Gi` is `1536Mi`, `0.5` is `500m`).
 *
 * @returns the text as it came when it is no quantity
 */
export function canonicalQuantity(given: string | number): string {
  const parsed = parseQuantity(given);
  if (parsed === undefined) return String(given);
  const { suffix } = parsed;
  const nanos = parsed.nanos < 0n ? -parsed.nanos : parsed.nanos;
  const minus = parsed.nanos < 0n ? '-' : '';
  if (/^[eE][+-]?\d/.test(suffix)) return minus + withExponent(nanos);
  const binary = (BINARY_SUFFIXES as readonly string[]).includes(suffix) && nanos >= 1024n * NANO;
  return minus + (binary ? withBinarySuffix(nanos) : withDecimalSuffix(nanos));
}

export function isQuantity(value: unknown): boolean {
  return (typeof value === 'string' || typeof value === 'number') && parseQuantity(value) !== undefined;
}

/** Negative when `a` is less, 0 when they are the same or one of them is no quantity. */
export function compareQuantities(a: string | number, b: string | number): number {
  const left = parseQuantity(a)?.nanos;
  const right = parseQuantity(b)?.nanos;
  return left === undefined || right === undefined || left === right ? 0 : left < right ? -1 : 1;
}

function parseQuantity(given: string | number): { readonly nanos: bigint; readonly suffix: string } | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+|[numkMGTPE]?)$/.exec(String(given));
  const [, sign, whole = '', fraction = '', suffix = ''] = match ?? [];
  if (whole + fraction === '') return undefined;
  const nanos = toNanos(BigInt(whole + fraction), fraction.length, suffix);
  return { nanos: sign === '-' ? -nanos : nanos, suffix };
}

/** `digits` has so many places behind the point; rounds away from zero. */
function toNanos(digits: bigint, places: number, suffix: string): bigint {
  const binary = (BINARY_SUFFIXES as readonly string[]).indexOf(suffix);
  const multiplier = binary === -1 ? 1n : 1024n ** BigInt(BINARY_SUFFIXES.length - binary);
  const exponent = binary === -1 ? decimalExponent(suffix) : 0;
  const scale = exponent - places + 9;
  if (scale >= 0) return digits * multiplier * 10n ** BigInt(scale);
  const divisor = 10n ** BigInt(-scale);
  return (digits * multiplier + divisor - 1n) / divisor;
}

function decimalExponent(suffix: string): number {
  const known = DECIMAL_SUFFIXES.find(([name]) => name === suffix);
  return known === undefined ? Number(suffix.slice(1)) : known[1];
}

function withDecimalSuffix(nanos: bigint): string {
  if (nanos === 0n) return '0';
  for (const [suffix, exponent] of DECIMAL_SUFFIXES) {
    const unit = 10n ** BigInt(exponent + 9);
    if (nanos % unit === 0n) return `${nanos / unit}${suffix}`;
  }
  return `${nanos}n`;
}

function withBinarySuffix(nanos: bigint): string {
  const value = (nanos + NANO - 1n) / NANO;
  for (const [index, suffix] of BINARY_SUFFIXES.entries()) {
    const unit = 1024n ** BigInt(BINARY_SUFFIXES.length - index);
    if (value % unit === 0n) return `${value / unit}${suffix}`;
  }
  return String(value);
}

/** Exponents go in threes. */
function withExponent(nanos: bigint): string {
  if (nanos === 0n) return '0';
  let value = nanos;
  let exponent = -9;
  while (value % 1000n === 0n) {
    value /= 1000n;
    exponent += 3;
  }
  return exponent === 0 ? String(value) : `${value}e${exponent}`;
}
