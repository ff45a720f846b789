import { createFakeClock } from '@margay/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { eventually, silentLogger } from '../../test/agent-harness.ts';
import { FolderGoneError } from '../state/folder-gone.ts';
import { UPKEEP_INTERVAL_MS, Upkeep } from './upkeep.ts';

const gone = (): FolderGoneError => new FolderGoneError('/run/margay', {});

let failures: { state?: Error; socket?: Error };
let looks: string[];
let upkeep: Upkeep;
let clock: ReturnType<typeof createFakeClock>;

beforeEach(() => {
  failures = {};
  looks = [];
  clock = createFakeClock();
  const part = (what: 'state' | 'socket'): { what: string; keep: () => Promise<void> } => ({
    what: `the ${what}`,
    keep: async () => {
      looks.push(what);
      const failure = failures[what];
      if (failure) throw failure;
    },
  });
  upkeep = new Upkeep({ parts: [part('state'), part('socket')], clock, logger: silentLogger() });
});

describe('look', () => {
  it('names every part that cannot be kept, and tells when that changes', async () => {
    const told: (string | undefined)[] = [];
    upkeep.changed.subscribe(() => told.push(upkeep.problem));
    failures = { state: new Error('no space'), socket: new Error('no') };
    await upkeep.look();
    await upkeep.look();
    failures = {};
    await upkeep.look();
    const problem = 'the state cannot be kept on this node: no space; the socket cannot be kept on this node: no';
    expect(told).toEqual([problem, undefined]);
  });

  it.each([
    { name: 'all else is there', state: undefined, ends: true },
    { name: 'the state was handed over', state: gone(), ends: true },
    { name: 'the state is in this process alone', state: new Error('no space'), ends: false },
  ])('ends a process whose directory is gone: $ends, when $name', async ({ state, ends }) => {
    failures = { socket: gone(), ...(state && { state }) };
    const looking = upkeep.look();
    if (ends) await expect(looking).rejects.toThrow(FolderGoneError);
    else await looking;
    expect(looks).toEqual(['state', 'socket']);
  });
});

describe('run', () => {
  it('looks at once, then from time to time, until it is stopped', async () => {
    const stop = new AbortController();
    const running = upkeep.run(stop.signal);
    await eventually(() => looks.length === 2);
    await clock.waitForSleepers(1);
    await clock.advance(UPKEEP_INTERVAL_MS - 1);
    expect(looks).toHaveLength(2);
    await clock.advance(1);
    await eventually(() => looks.length === 4);
    stop.abort(new Error('stopped by the test'));
    await running;
  });
});
