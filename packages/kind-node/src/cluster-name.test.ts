import { describe, expect, it } from 'vitest';
import { MAX_NAME_LENGTH, parseClusterName } from './cluster-name.ts';

describe('parseClusterName', () => {
  it.each(['a', 'kind', 'a-b.c9', 'x'.repeat(MAX_NAME_LENGTH)])('takes %s', (name) => {
    expect(parseClusterName(name)).toBe(name);
  });

  it.each(['', 'Big', '-a', 'a-', '.a', 'a b', 'a/b', '--name', 'a\n', 'ä', 'x'.repeat(MAX_NAME_LENGTH + 1)])(
    'refuses %j and says what is allowed',
    (name) => {
      expect(() => parseClusterName(name)).toThrow(
        expect.objectContaining({
          code: 'BAD_NAME',
          message: expect.stringMatching(/Use lower-case letters.*ends\.$/),
        }),
      );
    },
  );
});
