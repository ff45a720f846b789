import { describe, expect, it } from 'vitest';
import type { CniCommand } from './environment.ts';
import { readNetworkConfiguration } from './network-configuration.ts';

const SUPPORTED = '["0.3.1" "0.4.0" "1.0.0" "1.1.0"]';

// The ids are those of the checklist of the specification and the reference library.
describe('readNetworkConfiguration', () => {
  it.each<{ id: string; config: unknown; command?: CniCommand; want: object }>([
    { id: 'J2', config: '{', want: { code: 6, message: expect.stringMatching(/^error unmarshall network config: /) } },
    { id: 'J2: not an object', config: [], want: { code: 6 } },
    { id: 'J3', config: { cniVersion: '1.0.0' }, want: { code: 7, message: 'missing network name' } },
    { id: 'J3: empty', config: { cniVersion: '1.0.0', name: '' }, want: { code: 7, message: 'missing network name' } },
    ...['te%%st', '-a', 'a b', 'a/b'].map((name) => ({
      id: `J4 ${name}`,
      config: { cniVersion: '1.0.0', name },
      want: { code: 7, message: 'invalid characters found in network name', details: name },
    })),
    ...[undefined, ''].map((cniVersion) => ({
      id: `J5 ${JSON.stringify(cniVersion)}`,
      config: { cniVersion, name: 'margay' },
      want: {
        code: 1,
        message: 'incompatible CNI versions',
        details: `config is "0.1.0", plugin supports ${SUPPORTED}`,
      },
    })),
    ...['1.2.0', '9.9.9', '1.0', '0.2.0', '0.3.0'].map((cniVersion) => ({
      id: `J6 ${cniVersion}`,
      config: { cniVersion, name: 'margay' },
      want: { code: 1, details: `config is "${cniVersion}", plugin supports ${SUPPORTED}` },
    })),
    { id: 'J7', config: { cniVersion: 1, name: 'margay' }, want: { code: 6 } },
    ...(['CHECK', 'GC', 'STATUS'] as const).map((command) => ({
      id: `J8 ${command}`,
      config: { cniVersion: 'adsfsadf', name: 'margay' },
      command,
      want: { code: 6 },
    })),
    {
      id: 'C1',
      config: { cniVersion: '0.3.1', name: 'margay' },
      command: 'CHECK',
      want: { code: 1, message: 'config version does not allow CHECK' },
    },
    {
      id: 'C2',
      config: { cniVersion: '9.0.0', name: 'margay' },
      command: 'CHECK',
      want: { code: 1, message: 'plugin version does not allow CHECK' },
    },
    ...(['GC', 'STATUS'] as const).map((command) => ({
      id: `T1 ${command}`,
      config: { cniVersion: '1.0.0', name: 'margay' },
      command,
      want: { code: 1, message: `config version does not allow ${command}` },
    })),
    {
      id: 'T7: an attachment that is none',
      config: { cniVersion: '1.1.0', name: 'margay', 'cni.dev/valid-attachments': [{}] },
      command: 'GC',
      want: { code: 6 },
    },
  ])('refuses $id', ({ config, command = 'ADD', want }) => {
    const stdin = typeof config === 'string' ? config : JSON.stringify(config);
    expect(() => readNetworkConfiguration(stdin, command)).toThrow(expect.objectContaining(want));
  });

  it.each(['0.3.1', '0.4.0', '1.0.0', '1.1.0'])(
    'takes version %s and ignores what it does not know (J9, J10)',
    (cniVersion) => {
      const config = {
        cniVersion,
        name: 'margay',
        type: 'margay',
        args: { cni: {} },
        capabilities: { portMappings: true },
        runtimeConfig: { unknown: 1e6 },
        'cni.dev/other': 1,
      };
      expect(readNetworkConfiguration(JSON.stringify(config), 'ADD')).toEqual({ cniVersion, name: 'margay', dns: {} });
    },
  );

  it('tells no list of attachments from an empty one (T9, T10)', () => {
    const config = { cniVersion: '1.1.0', name: 'margay' };
    expect(readNetworkConfiguration(JSON.stringify(config), 'GC').validAttachments).toBeUndefined();
    const empty = { ...config, 'cni.dev/valid-attachments': [] };
    expect(readNetworkConfiguration(JSON.stringify(empty), 'GC').validAttachments).toEqual([]);
  });
});
