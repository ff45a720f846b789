import { describe, expect, it } from 'vitest';
import { Change } from './change.ts';

describe('Change', () => {
  it('resolves with what is there, now or later, and rejects when the caller gives up', async () => {
    const change = new Change();
    let value: number | undefined;
    const waiting = change.until(() => value, new AbortController().signal);
    change.notify();
    value = 7;
    change.notify();
    expect(await waiting).toBe(7);
    expect(await change.until(() => value, new AbortController().signal)).toBe(7);
    await expect(change.until(() => undefined, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
