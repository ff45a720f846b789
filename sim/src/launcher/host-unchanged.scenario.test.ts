import { existsSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { down, SimError, type SimulationStatus, up } from '../index.ts';
import { statePaths } from './paths.ts';
import { expectSameSettings, hostSettings, hostState, standInForHost } from './test-support/host.ts';

const NAME = `unchanged-${process.pid}`;
const SMALL = { name: NAME, nodes: 2, podsPerNode: 1 };

function living(status: SimulationStatus): number[] {
  return status.processes.map(({ pid }) => pid).filter((pid) => existsSync(`/proc/${pid}`));
}

beforeAll(standInForHost);
afterEach(async () => {
  await down(NAME);
});

describe('a simulation', () => {
  it('changes nothing on the host while it runs, and leaves nothing after down', async () => {
    const before = hostState();
    const settings = hostSettings();
    const { status } = await up(SMALL);
    expect(status.ready).toBe(true);
    expect(living(status)).toHaveLength(status.processes.length);
    expect(hostState()).toEqual(before);
    expectSameSettings(settings);

    await expect(up(SMALL)).rejects.toMatchObject({
      code: 'BAD_QUESTION',
      message: expect.stringContaining('is up already'),
    });
    expect(await down(NAME)).toBe(true);
    expect(living(status)).toEqual([]);
    expect(existsSync(statePaths(NAME).directory)).toBe(false);
    expect(hostState()).toEqual(before);
    expectSameSettings(settings);
    expect(await down(NAME)).toBe(false);
  });

  it('leaves nothing when its start is interrupted', async () => {
    const before = hostState();
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
    expect(hostState()).toEqual(before);
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
