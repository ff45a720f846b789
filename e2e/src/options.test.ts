import { describe, expect, it } from 'vitest';
import { parseOptions, UsageError } from './options.ts';

const defaults = { out: 'results' };

function refusal(...argv: string[]): string {
  try {
    parseOptions(argv, defaults);
  } catch (error) {
    if (error instanceof UsageError && error.exitCode === 2) return error.message;
    throw error;
  }
  throw new Error('it was taken');
}

describe('parseOptions', () => {
  it('runs every scenario in both modes by default, and keeps nothing', () => {
    expect(parseOptions([], defaults)).toMatchObject({
      modes: ['encapsulated', 'direct'],
      scenarios: [],
      keep: false,
      out: 'results',
    });
  });

  it('takes a mode and several scenarios', () => {
    const argv = ['--mode', 'direct', '--profile', 'bare-metal', '--scenario', 'a', '--scenario', 'b', '--keep'];
    expect(parseOptions(argv, defaults)).toMatchObject({ modes: ['direct'], scenarios: ['a', 'b'], keep: true });
  });

  it.each([
    { argv: ['--mode', 'bgp'], sentence: 'Mode bgp comes later: use encapsulated or direct.' },
    { argv: ['--mode', 'vxlan'], sentence: 'The mode is encapsulated or direct.' },
    { argv: ['--profile', 'aws'], sentence: 'Profile aws comes later: use bare-metal.' },
    { argv: ['--family', 'dual'], sentence: 'Family dual comes later: use ipv4.' },
    { argv: ['--keep'], sentence: '--keep needs --mode' },
    { argv: ['--fast'], sentence: "unknown option '--fast'" },
    { argv: ['direct'], sentence: 'too many arguments' },
  ])('refuses $argv with a sentence', ({ argv, sentence }) => {
    const message = refusal(...argv);
    expect(message).toContain(sentence);
    expect(message.split('\n')).toHaveLength(1);
  });

  it('has a help that ends well', () => {
    expect(() => parseOptions(['--help'], defaults)).toThrow(expect.objectContaining({ exitCode: 0 }));
  });
});
