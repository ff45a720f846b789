import { describe, expect, it } from 'vitest';
import { allocatedAtMs, takerAt } from './allocated-at.ts';

describe('takerAt', () => {
  it('notes the time beside what the taker says of itself, and keeps the caller’s value as it was', () => {
    const taker = { handle: 'margay.c1', attributes: { node: 'node-1' } };
    const noted = takerAt(taker, Date.UTC(2026, 0, 1, 10, 5));
    expect(noted).toEqual({
      handle: 'margay.c1',
      attributes: { node: 'node-1', allocatedAt: '2026-01-01T10:05:00.000Z' },
    });
    expect(taker.attributes).toEqual({ node: 'node-1' });
    expect(allocatedAtMs(noted.attributes)).toBe(Date.UTC(2026, 0, 1, 10, 5));
  });
});

describe('allocatedAtMs', () => {
  it.each([{}, { allocatedAt: '' }, { allocatedAt: 'yesterday' }])('is undefined for %j', (attributes) => {
    expect(allocatedAtMs(attributes)).toBeUndefined();
  });
});
