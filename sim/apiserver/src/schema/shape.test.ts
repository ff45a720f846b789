import { describe, expect, it } from 'vitest';
import { parseFields } from './parse-fields.ts';
import { parsePresences } from './parse-presence.ts';
import { shapeAsGo } from './shape.ts';

const TEXT = `
Time
Quantity
Box
  size! int32 #1
  color string #2
  lid Lid #3
  handle Handle #4*
  shelf string #5*
  names [string] #6
  parts [Lid] #7
  labels {string} #8
  weights {Quantity} #9
  sold Time #10
  returned Time #11*
  made Time omitzero #12
  note string always #13
  free string
Lid
  open! boolean #1
Handle
  width int32 #1
`;

const fullName = (type: string): string => `example.${type}`;
const SOURCE = { definitions: parseFields(TEXT, fullName), presences: parsePresences(TEXT, fullName) };

function shaped(box: Record<string, unknown>): Record<string, unknown> {
  shapeAsGo(box, 'example.Box', SOURCE);
  return box;
}

const EMPTY = { size: 0, lid: { open: false }, sold: null, note: '' };

describe('shapeAsGo', () => {
  it('fills in what stands there always', () => {
    expect(shaped({})).toEqual(EMPTY);
  });

  it('takes away what is empty, but not what a pointer tells from absent', () => {
    const empty = { color: '', names: [], parts: [], labels: {}, weights: {}, handle: {}, shelf: '' };
    expect(shaped({ ...empty, returned: null, made: null })).toEqual({ ...EMPTY, handle: {}, shelf: '' });
  });

  it('goes into objects, lists and maps', () => {
    const box = { lid: {}, parts: [{}, { open: true }], weights: { a: '1024Mi', b: 2 }, handle: { width: 0 } };
    expect(shaped(box)).toEqual({
      ...EMPTY,
      parts: [{ open: false }, { open: true }],
      weights: { a: '1Gi', b: '2' },
      handle: {},
    });
  });

  it('leaves values alone, and fields that have no number', () => {
    const box = { size: 3, color: 'red', lid: { open: true }, names: [''], labels: { a: '' }, sold: 't', note: 'n' };
    expect(shaped({ ...box, free: '' })).toEqual({ ...box, free: '' });
  });
});
