import { describe, expect, it } from 'vitest';
import { interruptible } from './interrupt.ts';

describe('interruptible', () => {
  it('aborts on the first signal only, and then leaves the process its usual end', () => {
    const before = process.listenerCount('SIGINT');
    using interrupt = interruptible();
    expect(process.listenerCount('SIGINT')).toBe(before + 1);
    process.emit('SIGINT', 'SIGINT');
    expect(interrupt.signal.aborted).toBe(true);
    expect(String(interrupt.signal.reason)).toContain('SIGINT');
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  it('takes its handlers away when disposed', () => {
    const before = process.listenerCount('SIGTERM');
    {
      using interrupt = interruptible();
      expect(interrupt.signal.aborted).toBe(false);
      expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    }
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});
