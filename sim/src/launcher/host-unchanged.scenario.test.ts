import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connect, down, SimError, type SimulationStatus, up } from '../index.ts';
import { statePaths } from './paths.ts';

const NAME = `unchanged-${process.pid}`;
const SMALL = { name: NAME, nodes: 2, podsPerNode: 1 };

/** What must be the same on the host before, while and after a simulation runs. */
function snapshot(): Record<string, string> {
  const run = (...command: [string, ...string[]]): string => {
    const [file, ...parameters] = command;
    return execFileSync(file, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  };
  return {
    links: run('ip', '-o', 'link', 'show'),
    addresses: run('ip', '-o', 'address', 'show').replaceAll(/(valid_lft|preferred_lft) [0-9]+sec/g, ''),
    routes: run('ip', 'route', 'show', 'table', 'all'),
    rules: run('ip', 'rule', 'show'),
    namespaces: run('ip', 'netns', 'list'),
    nft: process.getuid?.() === 0 ? run('nft', 'list', 'ruleset') : '',
    mounts: readFileSync('/proc/self/mountinfo', 'utf8'),
  };
}

/** Network settings of the host; those that count something are left out. */
function sysctls(): Map<string, string> {
  const text = execFileSync('sysctl', ['-a', '--pattern', '^(net|kernel.hostname)'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const entries = text.split('\n').map((line): [string, string] => {
    const [name = '', ...value] = line.split(' = ');
    return [name, value.join(' = ')];
  });
  return new Map(entries.filter(([name]) => name !== '' && !/count$|tcp_mem|udp_mem|route\.gc|random/.test(name)));
}

/** A module that the kernel loads brings settings of its own: only those that were there can have changed. */
function expectSameSysctls(before: ReadonlyMap<string, string>): void {
  const now = sysctls();
  expect(Object.fromEntries([...before.keys()].map((name) => [name, now.get(name)]))).toEqual(
    Object.fromEntries(before),
  );
}

function living(status: SimulationStatus): number[] {
  return status.processes.map(({ pid }) => pid).filter((pid) => existsSync(`/proc/${pid}`));
}

async function expectGone(status: SimulationStatus): Promise<void> {
  await vi.waitFor(() => expect(living(status)).toEqual([]), { timeout: 10_000, interval: 20 });
}

afterEach(async () => {
  await down(NAME);
});

describe('a simulation', () => {
  it('changes nothing on the host while it runs, and leaves nothing after down', async () => {
    const before = snapshot();
    const settings = sysctls();
    const { status } = await up(SMALL);
    expect(status.ready).toBe(true);
    expect(living(status)).toHaveLength(status.processes.length);
    expect(snapshot()).toEqual(before);
    expectSameSysctls(settings);

    await expect(up(SMALL)).rejects.toMatchObject({
      code: 'BAD_QUESTION',
      message: expect.stringContaining('is up already'),
    });
    expect(await down(NAME)).toBe(true);
    expect(living(status)).toEqual([]);
    expect(existsSync(statePaths(NAME).directory)).toBe(false);
    expect(snapshot()).toEqual(before);
    expectSameSysctls(settings);
    expect(await down(NAME)).toBe(false);
  });

  it('is gone whole when its first process is killed, and the next one starts clean', async () => {
    const before = snapshot();
    const { status } = await up(SMALL);
    const daemon = status.processes.find(({ role }) => role === 'daemon');
    process.kill(daemon?.pid ?? 0, 'SIGKILL');
    await expectGone(status);
    expect(snapshot()).toEqual(before);
    await expect(connect(NAME)).rejects.toMatchObject({ code: 'NOT_RUNNING' });

    const again = await up(SMALL);
    expect(again.status.ready).toBe(true);
    expect(again.status.processes.map(({ restarts }) => restarts)).toEqual(again.status.processes.map(() => 0));
    await down(NAME);
    await expectGone(again.status);
  });

  it('leaves nothing when its start is interrupted', async () => {
    const before = snapshot();
    const interrupt = new AbortController();
    const start = up({
      ...SMALL,
      signal: interrupt.signal,
      // In the middle: the services are starting.
      onProgress: (line) => {
        if (line.startsWith('Waiting')) interrupt.abort(new Error('interrupted'));
      },
    });
    await expect(start).rejects.toBeInstanceOf(SimError);
    expect(existsSync(statePaths(NAME).directory)).toBe(false);
    expect(snapshot()).toEqual(before);
  });

  it('is refused whole for a bad topology, before anything is made', async () => {
    const topology = { text: 'nodes: [{name: a}]\npools: [{name: p, cidr: 192.0.2.0/24}]', file: 'bad.yaml' };
    await expect(up({ name: NAME, topology })).rejects.toMatchObject({
      code: 'BAD_QUESTION',
      message: expect.stringMatching(/^bad\.yaml:2:\d+: pools\[0\]\.cidr: 192\.0\.2\.0\/24 overlaps with rack/),
    });
    expect(existsSync(statePaths(NAME).directory)).toBe(false);
  });
});
