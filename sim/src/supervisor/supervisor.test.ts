import { createFakeClock } from '@margay/testkit';
import { describe, expect, it } from 'vitest';
import { SILENT } from '../test-support/silent-logger.ts';
import type { ProcessSpec } from './process-spec.ts';
import { type RunningProcess, Supervisor } from './supervisor.ts';

const SPEC: ProcessSpec = { name: 'ipam', role: 'ipam', command: ['ipam'] };

/** A supervisor over processes that end when the test says so. */
function setUp({ ignoresTerm = false } = {}) {
  const clock = createFakeClock();
  const processes: { end(reason: string): void; readonly signals: string[] }[] = [];
  const start = (): RunningProcess => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const signals: string[] = [];
    processes.push({ end: resolve, signals });
    return {
      pid: 100 + processes.length,
      ended: promise,
      kill: (signal) => {
        signals.push(signal);
        if (signal === 'SIGKILL' || !ignoresTerm) resolve(`it was ended by ${signal}`);
      },
    };
  };
  return { clock, processes, supervisor: new Supervisor({ start, clock, logger: SILENT }) };
}

describe('Supervisor', () => {
  it('starts a process again within a second after its end, and counts it', async () => {
    const { clock, processes, supervisor } = setUp();
    supervisor.add(SPEC);
    expect(supervisor.list()).toMatchObject([{ pid: 101, restarts: 0, lastEnd: '' }]);
    processes[0]?.end('it was ended by SIGKILL');
    await clock.waitForSleepers(1);
    expect(supervisor.list()).toMatchObject([{ pid: 0, restarts: 1, lastEnd: 'it was ended by SIGKILL' }]);
    await clock.advance(1_000);
    expect(supervisor.list()).toMatchObject([{ pid: 102, restarts: 1 }]);
  });

  it('waits longer for a process that keeps failing, but never more than a second', async () => {
    const { clock, processes, supervisor } = setUp();
    supervisor.add(SPEC);
    for (let round = 0; round < 10; round++) {
      processes.at(-1)?.end('it ended with exit code 1');
      await clock.waitForSleepers(1);
      await clock.advance(1_000);
      expect(processes).toHaveLength(round + 2);
    }
    processes.at(-1)?.end('it ended with exit code 1');
    await clock.waitForSleepers(1);
    await clock.advance(400);
    expect(processes).toHaveLength(11);
  });

  it('is quick again after a process that lived long', async () => {
    const { clock, processes, supervisor } = setUp();
    supervisor.add(SPEC);
    for (let round = 0; round < 6; round++) {
      processes.at(-1)?.end('it ended with exit code 1');
      await clock.waitForSleepers(1);
      await clock.advance(1_000);
    }
    await clock.advance(20_000);
    const before = processes.length;
    processes.at(-1)?.end('it was ended by SIGKILL');
    await clock.waitForSleepers(1);
    await clock.advance(100);
    expect(processes).toHaveLength(before + 1);
  });

  it('ends a process for good when it is removed', async () => {
    const { clock, processes, supervisor } = setUp();
    supervisor.add(SPEC);
    await supervisor.remove('ipam');
    expect(processes[0]?.signals).toEqual(['SIGTERM']);
    expect(supervisor.list()).toEqual([]);
    await clock.advance(60_000);
    expect(processes).toHaveLength(1);
  });

  it('kills a process that does not end in order', async () => {
    const { clock, processes, supervisor } = setUp({ ignoresTerm: true });
    supervisor.add(SPEC);
    const removed = supervisor.remove('ipam');
    await clock.waitForSleepers(1);
    await clock.advance(5_000);
    await removed;
    expect(processes[0]?.signals).toEqual(['SIGTERM', 'SIGKILL']);
  });

  it('can be told to stop while it waits to start a process again', async () => {
    const { clock, processes, supervisor } = setUp();
    supervisor.add(SPEC);
    processes[0]?.end('it ended with exit code 1');
    await clock.waitForSleepers(1);
    await supervisor.removeAll();
    expect(processes).toHaveLength(1);
  });
});
