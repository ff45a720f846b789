import { describe, expect, it } from 'vitest';
import { CniError } from './cni-error.ts';
import { readEnvironment } from './environment.ts';

const WHOLE = {
  CNI_CONTAINERID: 'c1',
  CNI_NETNS: '/run/netns/c1',
  CNI_IFNAME: 'eth0',
  CNI_PATH: '/opt/cni/bin',
  CNI_ARGS: 'IgnoreUnknown=1;K8S_POD_NAME=a',
};

// The ids are those of the checklist of the specification and the reference library.
describe('readEnvironment', () => {
  it.each<{ id: string; environment: Record<string, string>; message: string; details?: string }>([
    { id: 'E2', environment: {}, message: 'required env variables [CNI_COMMAND] missing' },
    { id: 'E3', environment: { ...WHOLE, CNI_COMMAND: 'NOPE' }, message: 'unknown CNI_COMMAND: NOPE' },
    {
      id: 'E3: no property of every object is a command',
      environment: { ...WHOLE, CNI_COMMAND: 'toString' },
      message: 'unknown CNI_COMMAND: toString',
    },
    ...['CNI_CONTAINERID', 'CNI_NETNS', 'CNI_IFNAME', 'CNI_PATH'].flatMap((name) =>
      ['ADD', 'CHECK'].map((command) => ({
        id: `E4 ${command} ${name}`,
        environment: { ...WHOLE, CNI_COMMAND: command, [name]: '' },
        message: `required env variables [${name}] missing`,
      })),
    ),
    {
      id: 'E5',
      environment: { CNI_COMMAND: 'ADD', CNI_CONTAINERID: 'c1' },
      message: 'required env variables [CNI_NETNS,CNI_IFNAME,CNI_PATH] missing',
    },
    { id: 'E8 GC', environment: { CNI_COMMAND: 'GC' }, message: 'required env variables [CNI_PATH] missing' },
    { id: 'E8 STATUS', environment: { CNI_COMMAND: 'STATUS' }, message: 'required env variables [CNI_PATH] missing' },
    ...['%%containerid%%', '-x', 'a/b', '.a'].map((containerId) => ({
      id: `E11 ${containerId}`,
      environment: { ...WHOLE, CNI_COMMAND: 'ADD', CNI_CONTAINERID: containerId },
      message: 'invalid characters in containerID',
      details: containerId,
    })),
    {
      id: 'E12',
      environment: { ...WHOLE, CNI_COMMAND: 'ADD', CNI_IFNAME: '1234567890123456' },
      message: 'interface name is too long',
      details: 'interface name should be less than 16 characters',
    },
    ...['.', '..'].map((ifname) => ({
      id: `E13 ${ifname}`,
      environment: { ...WHOLE, CNI_COMMAND: 'DEL', CNI_IFNAME: ifname },
      message: 'interface name is . or ..',
    })),
    ...['test/test', 'test:test', 'test test'].map((ifname) => ({
      id: `E14 ${ifname}`,
      environment: { ...WHOLE, CNI_COMMAND: 'ADD', CNI_IFNAME: ifname },
      message: 'interface name contains / or : or whitespace characters',
    })),
    ...['a', 'a=', '=b', 'a=b=c'].map((args) => ({
      id: `E17 ${args}`,
      environment: { ...WHOLE, CNI_COMMAND: 'ADD', CNI_ARGS: args },
      message: `CNI_ARGS has an invalid pair '${args}': write KEY=VALUE`,
    })),
  ])('refuses with code 4: $id', ({ environment, message, details }) => {
    const error = catchError(() => readEnvironment(environment));
    expect(error).toMatchObject({ code: 4, message });
    expect((error as CniError).details).toBe(details);
  });

  it.each([
    { id: 'E7: DEL without namespace and arguments', change: { CNI_COMMAND: 'DEL', CNI_NETNS: '', CNI_ARGS: '' } },
    { id: 'E9: VERSION with nothing else', change: { CNI_COMMAND: 'VERSION', CNI_PATH: '', CNI_CONTAINERID: '' } },
    { id: 'E15: STATUS with a bad interface name', change: { CNI_COMMAND: 'STATUS', CNI_IFNAME: 'a b' } },
  ])('accepts $id', ({ change }) => {
    expect(readEnvironment({ ...WHOLE, ...change }).command).toBe(change.CNI_COMMAND);
  });

  it('reads CNI_ARGS, unknown keys too (E16)', () => {
    const { args } = readEnvironment({ ...WHOLE, CNI_COMMAND: 'ADD', CNI_ARGS: 'FOO=BAR;ABC=123' });
    expect([...args]).toEqual([
      ['FOO', 'BAR'],
      ['ABC', '123'],
    ]);
  });
});

function catchError(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new CniError(999, 'nothing was thrown');
}
