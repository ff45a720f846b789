import { type Cidr, type IpAddress, parseAddress, parseCidr } from '@margay/ip';
import { WireError } from '../error.ts';

// Each reader takes the field's path, such as `node.address`, and names it
// when the value is not what it must be.

export function bad(field: string, problem: string, cause?: unknown): WireError {
  return new WireError('BAD_MESSAGE', `${field}: ${problem}`, { cause });
}

export function readText(value: string, field: string): string {
  if (value === '') throw bad(field, 'is missing');
  return value;
}

export function readAddress(value: string, field: string): IpAddress {
  try {
    return parseAddress(readText(value, field));
  } catch (error) {
    throw bad(field, (error as Error).message, error);
  }
}

export function readCidr(value: string, field: string): Cidr {
  try {
    return parseCidr(readText(value, field));
  } catch (error) {
    throw bad(field, (error as Error).message, error);
  }
}

/** The loader gives a known enum value by name and an unknown one as its number: only known ones pass. */
export function readEnum<T>(value: string | number, table: Readonly<Record<string, T>>, field: string): T {
  const known = typeof value === 'string' && Object.hasOwn(table, value) ? table[value] : undefined;
  if (known === undefined) throw bad(field, `${value} is not a value that this version knows`);
  return known;
}

/** A message field that must be there. */
export function readMessage<T>(value: T | null | undefined, field: string): T {
  if (value === null || value === undefined) throw bad(field, 'is missing');
  return value;
}

/**
 * A 64-bit counter as the loader gives it. Beyond 2^53 a number has lost
 * digits, so that it is refused rather than read wrong.
 */
export function readCounter(value: number, field: string): bigint {
  if (!Number.isSafeInteger(value) || value < 0) throw bad(field, `${value} is beyond what a counter can reach`);
  return BigInt(value);
}

export function writeCounter(value: bigint, field: string): number {
  if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw bad(field, `${value} is beyond what a counter can reach`);
  }
  return Number(value);
}
