import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadNetworkList, parseNetworkList } from './conflist.ts';

const plugins = [{ type: 'margay' }];

describe('parseNetworkList', () => {
  it.each([
    { name: 'not JSON', text: '{', message: 'it is not JSON' },
    { name: 'a list', text: '[]', message: 'it must be a JSON object' },
    { name: 'no name', text: JSON.stringify({ plugins }), message: 'not nothing' },
    { name: 'a name with a slash', text: JSON.stringify({ name: 'a/b', plugins }), message: 'not "a/b"' },
    { name: 'no plugins', text: JSON.stringify({ name: 'a', plugins: [] }), message: 'at least one plugin' },
    {
      name: 'a plugin path',
      text: JSON.stringify({ name: 'a', plugins: [{ type: '../x' }] }),
      message: 'plugins[0].type',
    },
    {
      name: 'an unknown version',
      text: JSON.stringify({ name: 'a', plugins, cniVersion: '9.9.9' }),
      message: '"9.9.9"',
    },
  ])('refuses $name', ({ text, message }) => {
    expect(() => parseNetworkList(text)).toThrow(message);
  });

  it.each([
    { given: {}, chosen: '0.1.0' },
    { given: { cniVersion: '0.4.0' }, chosen: '0.4.0' },
    { given: { cniVersion: '0.4.0', cniVersions: ['1.0.0', '0.3.1', '2.0.0'] }, chosen: '1.0.0' },
  ])('takes version $chosen of $given', ({ given, chosen }) => {
    expect(parseNetworkList(JSON.stringify({ name: 'a', plugins, ...given })).cniVersion).toBe(chosen);
  });
});

describe('loadNetworkList', () => {
  it('takes the first list by name, and says where there is none', () => {
    const dir = mkdtempSync(join(tmpdir(), 'margay-conf-'));
    try {
      expect(() => loadNetworkList(join(dir, 'missing'))).toThrow('no network configuration in');
      writeFileSync(join(dir, '00-ignored.conf'), '{}');
      expect(() => loadNetworkList(dir)).toThrow('no network configuration in');
      writeFileSync(join(dir, '20-b.conflist'), JSON.stringify({ name: 'b', plugins }));
      writeFileSync(join(dir, '10-a.conflist'), JSON.stringify({ name: 'a', plugins }));
      expect(loadNetworkList(dir).name).toBe('a');
      writeFileSync(join(dir, '05-bad.conflist'), 'x');
      expect(() => loadNetworkList(dir)).toThrow('05-bad.conflist: it is not JSON');
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
