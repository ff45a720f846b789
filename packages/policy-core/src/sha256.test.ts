import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from './sha256.ts';

async function platformSha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

describe('sha256Hex', () => {
  it('is what the platform computes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('a', '=', 'é', '€', '𝄞'), { maxLength: 150 }), async (characters) => {
        const text = characters.join('');
        expect(sha256Hex(text)).toBe(await platformSha256(text));
      }),
    );
  });
});
