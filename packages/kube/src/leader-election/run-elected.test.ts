import type { Lease } from '@margay/model';
import type { Clock, Logger, ResourceStore } from '@margay/ports';
import { createFakeClock, type FakeClock, MemoryStore } from '@margay/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runElected } from './run-elected.ts';

const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => quiet,
};

const REF = { namespace: 'margay', name: 'margay-controller' };

let clock: FakeClock;
let store: MemoryStore;
let candidates: Candidate[];

interface Candidate {
  readonly identity: string;
  isLeader: boolean;
  /** How often it began to lead. */
  terms: number;
  stop(): Promise<void>;
}

beforeEach(() => {
  clock = createFakeClock();
  store = new MemoryStore();
  candidates = [];
});
afterEach(async () => {
  store.setOutage(false);
  await Promise.all(candidates.map((candidate) => candidate.stop()));
});

/** A candidate whose work goes on until it must stop. */
function start(identity: string, options: { store?: ResourceStore; clock?: Clock } = {}): Candidate {
  const ending = new AbortController();
  const candidate: Candidate = { identity, isLeader: false, terms: 0, stop: async () => undefined };
  const election = { store, clock, ...options, ...REF, identity, logger: quiet, random: () => 0 };
  const running = runElected(
    election,
    async (signal) => {
      candidate.isLeader = true;
      candidate.terms++;
      // "At once" counts: the work ends in the very call that aborts its signal.
      await new Promise<void>((resolve) =>
        signal.addEventListener('abort', () => {
          candidate.isLeader = false;
          resolve();
        }),
      );
    },
    ending.signal,
  );
  candidate.stop = async (): Promise<void> => {
    ending.abort();
    await running;
  };
  candidates.push(candidate);
  return candidate;
}

const leaders = (): string[] => candidates.filter(({ isLeader }) => isLeader).map(({ identity }) => identity);
const lease = (): Promise<Lease | undefined> => store.get('Lease', REF);

/** Passes the calls on, until it is told to leave them without an answer. */
function stallable(): { readonly store: ResourceStore; stall(): void; resume(): void } {
  let gate = Promise.resolve();
  let open = (): void => undefined;
  const held = new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...parameters: unknown[]) => {
        await gate;
        return (member.bind(target) as (...all: unknown[]) => unknown)(...parameters);
      };
    },
  });
  return {
    store: held,
    stall: () => {
      gate = new Promise((resolve) => {
        open = resolve;
      });
    },
    resume: () => open(),
  };
}

describe('runElected', () => {
  it('lets one lead, and says who in the Lease', async () => {
    start('a');
    await clock.advance(0);
    start('b');
    await clock.advance(60_000);
    expect(leaders()).toEqual(['a']);
    expect((await lease())?.spec).toEqual({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: '2030-01-01T00:00:00.000000Z',
      renewTime: '2030-01-01T00:01:00.000000Z',
      leaseTransitions: 0,
    });
  });

  it('gives the Lease up at its end, and another leads within the pause between attempts', async () => {
    const a = start('a');
    await clock.advance(0);
    start('b');
    await clock.advance(3_000);
    await a.stop();
    await clock.advance(2_000);
    expect(leaders()).toEqual(['b']);
    expect((await lease())?.spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
  });

  it('waits for 15 s of silence before it takes over from one that was killed, whatever the times in the Lease', async () => {
    // Long ago by any clock, but nobody has watched it that long.
    const renewTime = '2001-01-01T00:00:00.000000Z';
    const spec = { holderIdentity: 'dead', leaseDurationSeconds: 15, renewTime };
    await store.create('Lease', { metadata: REF, spec });
    start('b');
    await clock.advance(13_900);
    expect(leaders()).toEqual([]);
    await clock.advance(4_100);
    expect(leaders()).toEqual(['b']);
  });

  it('stops 10 s after the last renewal while the API is away, and leads again when it is back', async () => {
    const a = start('a');
    await clock.advance(1_000);
    store.setOutage(true);
    await clock.advance(8_900);
    expect(leaders()).toEqual(['a']);
    await clock.advance(200);
    expect(leaders()).toEqual([]);
    store.setOutage(false);
    await clock.advance(2_000);
    expect(leaders()).toEqual(['a']);
    expect(a.terms).toBe(2);
  });

  it('stops 10 s after the last renewal though the API never answers', async () => {
    const stalled = stallable();
    start('a', { store: stalled.store });
    await clock.advance(1_000);
    stalled.stall();
    await clock.advance(8_900);
    expect(leaders()).toEqual(['a']);
    await clock.advance(200);
    expect(leaders()).toEqual([]);
    stalled.resume();
    await clock.advance(2_500);
    expect(leaders()).toEqual(['a']);
  });

  it('stops first of all when its process goes on after it stood still', async () => {
    const gate = Promise.withResolvers<void>();
    let isStopped = false;
    // A process that was stopped learns of the time that has passed when it runs again.
    const stoppable: Clock = {
      ...clock,
      sleep: async (ms, signal) => {
        await clock.sleep(ms, signal);
        if (isStopped) await gate.promise;
      },
    };
    start('a', { clock: stoppable });
    await clock.advance(0);
    start('b');
    isStopped = true;
    await clock.advance(20_000);
    expect(leaders()).toEqual(['a', 'b']);
    isStopped = false;
    // Not even a question to the API comes before.
    store.setOutage(true);
    gate.resolve();
    await clock.advance(0);
    expect(leaders()).toEqual(['b']);
    store.setOutage(false);
    await clock.advance(60_000);
    expect(leaders()).toEqual(['b']);
  });

  it('stops at once when it reads that another holds the Lease', async () => {
    start('a');
    await clock.advance(1_000);
    const held = await lease();
    await store.patch('Lease', REF, { spec: { ...held?.spec, holderIdentity: 'b' } });
    await clock.advance(1_000);
    expect(leaders()).toEqual([]);
  });

  it('leads anew only when the work of its last term has ended', async () => {
    const ending = new AbortController();
    const last = Promise.withResolvers<void>();
    let terms = 0;
    const running = runElected(
      { store, clock, ...REF, identity: 'a', logger: quiet, random: () => 0 },
      async (signal) => {
        terms++;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        if (terms === 1) await last.promise;
      },
      ending.signal,
    );
    await clock.advance(0);
    store.setOutage(true);
    await clock.advance(12_000);
    store.setOutage(false);
    await clock.advance(10_000);
    expect(terms).toBe(1);
    last.resolve();
    await clock.advance(2_000);
    expect(terms).toBe(2);
    ending.abort();
    await running;
  });

  it('fails with the work, and gives the Lease up', async () => {
    const running = runElected(
      { store, clock, ...REF, identity: 'a', logger: quiet },
      () => Promise.reject(new Error('broken')),
      new AbortController().signal,
    );
    await expect(running).rejects.toThrow('broken');
    expect((await lease())?.spec?.holderIdentity).toBe('');
  });
});
