import { describe, expect, it } from 'vitest';
import { parseDescriptions } from './parse-descriptions.ts';

describe('parseDescriptions', () => {
  it('reads types and their fields', () => {
    const types = parseDescriptions('\nBox: A box.\n  size: How large: in mm.\n  $ref: Elsewhere.\nLid: A lid.\n');
    expect([...types].map(([name, { text, fields }]) => [name, text, [...fields]])).toEqual([
      [
        'Box',
        'A box.',
        [
          ['size', 'How large: in mm.'],
          ['$ref', 'Elsewhere.'],
        ],
      ],
      ['Lid', 'A lid.', []],
    ]);
  });

  it.each(['Box', 'Box:', '  size'])('refuses %j', (text) => {
    expect(() => parseDescriptions(text)).toThrow(`not a description: ${text}`);
  });
});
