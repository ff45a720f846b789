import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN, runBin } from './test-support/run-bin.ts';

const MANIFEST = join(import.meta.dirname, 'test-support/pod.yaml');

/** No simulation has this name. */
const NOBODY = ['--name', 'nobody-has-this'];

describe('margay', () => {
  it.each([['--help'], ['sim', '--help'], ['sim', 'up', '--help'], ['sim', 'probe', '--help']])(
    'explains itself: %s %s %s',
    async (...args) => {
      const { code, stdout, stderr } = await runBin(args);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toContain('Usage: margay');
      expect(stdout).toContain('Exit codes:');
    },
  );

  it.each(['up', 'down', 'status', 'apply', 'delete', 'get', 'probe', 'exec', 'capture'])(
    'has -o json for sim %s',
    async (command) => {
      const { stdout } = await runBin(['sim', command, '--help']);
      expect(stdout.replace(/\s+/g, ' ')).toMatch(/-o, --output <form> .*"json"/);
    },
  );

  it('prints its version', async () => {
    expect(await runBin(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n' });
  });

  it('runs through a symbolic link from any directory', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'margay-link-'));
    const bin = join(directory, 'margay');
    symlinkSync(BIN, bin);
    expect(await runBin(['--version'], { bin, cwd: directory })).toMatchObject({ code: 0 });
    rmSync(directory, { recursive: true });
  });

  it.each([
    { args: [], says: 'Usage: margay' },
    { args: ['sim'], says: 'Usage: margay sim' },
    { args: ['nonsense'], says: "unknown command 'nonsense'" },
    { args: ['sim', 'nonsense'], says: "unknown command 'nonsense'" },
    { args: ['sim', 'up', '--nonsense'], says: "unknown option '--nonsense'" },
    { args: ['sim', 'up', '--nodes', 'many'], says: 'whole number' },
    { args: ['sim', 'up', '--nodes', '0'], says: 'whole number' },
    { args: ['sim', 'up', '--mode', 'magic'], says: 'magic' },
    { args: ['sim', 'up', '--profile', 'azure'], says: 'Azure' },
    { args: ['sim', 'up', 'no-such-file.yaml'], says: 'no-such-file.yaml: there is no such file' },
    { args: ['sim', 'up', '--name', 'NOT A NAME'], says: 'NOT A NAME' },
    { args: ['sim', 'trace', '--from', 'a'], says: 'trace is not there yet' },
    { args: ['sim', 'fault', 'link', 'down'], says: 'fault is not there yet' },
    { args: ['sim', 'apply'], says: '--filename' },
    { args: ['sim', 'apply', '-f', 'nope.yaml'], says: 'nope.yaml: there is no such file' },
    { args: ['sim', 'get'], says: 'missing required argument' },
    { args: ['sim', 'get', 'pods', '-o', 'xml'], says: 'Allowed choices' },
    { args: ['sim', 'get', 'pods', '-n', 'default', '-A'], says: "cannot be used with option '-n, --namespace" },
    { args: ['sim', 'delete'], says: 'either -f FILE, or KIND and NAME' },
    { args: ['sim', 'delete', 'pod'], says: 'either -f FILE, or KIND and NAME' },
    { args: ['sim', 'delete', 'pod', 'a', '--wait=maybe'], says: 'true or false' },
    { args: ['sim', 'delete', 'pod', 'a', '--timeout', '-1'], says: 'above 0' },
    { args: ['sim', 'probe', '--from', 'a'], says: '--to' },
    { args: ['sim', 'probe', '--from', 'a', '--to', 'b'], says: '--port is missing' },
    { args: ['sim', 'probe', '--from', 'a', '--to', 'b', '--port', '0'], says: 'from 1 to 65535' },
    { args: ['sim', 'probe', '--from', 'a', '--to', 'b', '--port', '65536'], says: 'from 1 to 65535' },
    {
      args: ['sim', 'probe', '--from', 'a', '--to', 'b', '--protocol', 'icmp', '--port', '80'],
      says: 'icmp has no ports',
    },
    { args: ['sim', 'probe', '--all', '--protocol', 'icmp', '--port', '80'], says: 'icmp has no ports' },
    { args: ['sim', 'probe', '--from', 'a/b/c', '--to', 'b', '--port', '80'], says: "'a/b/c' is not a pod" },
    { args: ['sim', 'probe', '--from', 'a', '--to', 'b', '--port', '80', '--protocol', 'x'], says: 'Allowed choices' },
    { args: ['sim', 'probe', '--all', '--from', 'a'], says: 'cannot be used with' },
    { args: ['sim', 'exec', 'node-1'], says: 'missing required argument' },
    { args: ['sim', 'capture', 'node-1', '--count', '0'], says: 'whole number' },
  ])('ends with 2 for a wrong question: $args', async ({ args, says }) => {
    const { code, stdout, stderr } = await runBin(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.each([
    { args: ['get', 'pods'] },
    { args: ['apply', '-f', MANIFEST] },
    { args: ['delete', 'pod', 'a'] },
    { args: ['probe', '--from', 'a', '--to', 'b', '--port', '80'] },
    { args: ['probe', '--all'] },
    { args: ['exec', 'node-1', '--', 'true'] },
    { args: ['capture', 'node-1'] },
  ])('ends with 3 where there is no simulation: $args', async ({ args }) => {
    const [command = '', ...others] = args;
    const { code, stderr } = await runBin(['sim', command, ...NOBODY, ...others]);
    expect([code, stderr]).toEqual([
      3,
      "margay: simulation 'nobody-has-this' is not running: start it with margay sim up --name nobody-has-this\n",
    ]);
  });
});

describe('margay sim status', () => {
  it('is 1 where there is no simulation, and prints its fields', async () => {
    const { code, stdout } = await runBin(['sim', 'status', ...NOBODY, '-o', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ name: 'nobody-has-this', ready: false, nodes: [], processes: [] });
  });
});

describe('margay sim down', () => {
  it('says that there is nothing to take down', async () => {
    const { code, stdout } = await runBin(['sim', 'down', ...NOBODY]);
    expect([code, stdout]).toEqual([0, "There is no simulation 'nobody-has-this': nothing to take down.\n"]);
  });
});
