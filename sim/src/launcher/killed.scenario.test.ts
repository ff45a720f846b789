import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { connect, down, type SimulationStatus, up } from '../index.ts';
import { checkoutDirectory, statePaths } from './paths.ts';
import { expectSameSettings, hostSettings, hostState, processesOf, standInForHost } from './test-support/host.ts';

const NAME = `killed-${process.pid}`;
const OTHER = `${NAME}-b`;
const SMALL = { nodes: 2, podsPerNode: 1 };
/** Enough connections to verify that a signal can arrive among them. */
const MANY = { nodes: 2, podsPerNode: 10 };
const SOON = { timeout: 15_000, interval: 20 };

let before: Record<string, unknown>;
let settings: ReadonlyMap<string, string>;

beforeAll(() => {
  standInForHost();
  before = hostState();
  settings = hostSettings();
});
afterEach(async () => {
  await Promise.all([down(NAME), down(OTHER)]);
});

/** `margay sim up` as a shell starts it: with a process group of its own. */
function startUp({ nodes, podsPerNode } = SMALL): { readonly child: ChildProcess; readonly output: () => string } {
  const margay = join(checkoutDirectory(), 'packages/cli/bin/margay');
  const size = ['--nodes', String(nodes), '--pods-per-node', String(podsPerNode)];
  const child = spawn(margay, ['sim', 'up', '--name', NAME, ...size], { detached: true, stdio: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return { child, output: () => output };
}

async function expectNothingLeft(name = NAME): Promise<void> {
  await vi.waitFor(() => expect(processesOf(name)).toEqual([]), SOON);
  expect(hostState()).toEqual(before);
}

async function expectCleanStart(): Promise<SimulationStatus> {
  const { status } = await up({ name: NAME, ...SMALL });
  expect(status.ready).toBe(true);
  expect(status.processes.map(({ restarts }) => restarts)).toEqual(status.processes.map(() => 0));
  expect(hostState()).toEqual(before);
  return status;
}

/** How often a moment may be missed before the test gives up. */
const CHANCES = 5;

/**
 * Starts a simulation, and cuts the start off at a moment of it. A start that
 * was over before the signal came has missed the moment: what is up stays up,
 * as it should, and is taken down to try again.
 */
async function cutOff(
  reached: (output: string) => boolean,
  cut: (child: ChildProcess) => void,
): Promise<number | NodeJS.Signals | null> {
  for (let chance = 0; chance < CHANCES; chance++) {
    const { child, output } = startUp(MANY);
    const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    await vi.waitFor(() => expect(reached(output())).toBe(true), { ...SOON, interval: 2 });
    cut(child);
    const [code, signal] = await ended;
    if (!(await isUpAfterAll())) return signal ?? code;
    await down(NAME);
  }
  throw new Error(`the start was over before it could be cut off, ${CHANCES} times`);
}

/** Waits until the simulation has ended (false) or is up (true). */
async function isUpAfterAll(): Promise<boolean> {
  return vi.waitFor(async () => {
    if (processesOf(NAME).length === 0) return false;
    const simulation = await connect(NAME);
    try {
      const { ready } = await simulation.status();
      expect(ready).toBe(true);
      return true;
    } finally {
      simulation.close();
    }
  }, SOON);
}

/** Moments of a start, by what can be seen of it. */
const MOMENTS: readonly (readonly [string, (output: string) => boolean])[] = [
  ['as soon as it has a directory', () => existsSync(statePaths(NAME).directory)],
  ['when its first process is there', () => existsSync(statePaths(NAME).record)],
  ['when its services start', (output) => output.includes('starting the services')],
  ['when its nodes register', (output) => output.includes('Waiting: Node')],
  ['while it is verified', (output) => output.includes('All pods run')],
];

describe('a start that ends early leaves nothing on the host', () => {
  it.each(MOMENTS)('by Ctrl-C %s', async (_, reached) => {
    const end = await cutOff(reached, (child) => process.kill(-(child.pid ?? 0), 'SIGINT'));
    // The shell's rule for a process that a signal ended, or the signal itself.
    expect([130, 'SIGINT']).toContain(end);
    expect(existsSync(statePaths(NAME).directory)).toBe(false);
    await expectNothingLeft();
  });

  it.each(MOMENTS)('by kill -9 of the command %s', async (_, reached) => {
    await cutOff(reached, (child) => child.kill('SIGKILL'));
    await expectNothingLeft();
  });

  it('by margay sim down', async () => {
    const { child, output } = startUp();
    const ended = once(child, 'close') as Promise<[number | null]>;
    await vi.waitFor(() => expect(output()).toContain('Waiting: Node'), SOON);
    expect(await down(NAME)).toBe(true);
    expect((await ended)[0]).toBe(3);
    await expectNothingLeft();
    expect(existsSync(statePaths(NAME).directory)).toBe(false);
  });
});

describe('a simulation that is killed', () => {
  it('by a start that was cut off does not disturb the next one', async () => {
    const { child, output } = startUp();
    const ended = once(child, 'close');
    await vi.waitFor(() => expect(output()).toContain('Waiting: Node'), SOON);
    child.kill('SIGKILL');
    await ended;
    await expectCleanStart();
  });

  it('leaves nothing whichever of its processes it is, and mends itself', async () => {
    const { processes } = await expectCleanStart();
    const ofEachRole = new Map(processes.map((process) => [process.role, process]));
    ofEachRole.delete('daemon');
    for (const { pid } of ofEachRole.values()) process.kill(pid, 'SIGKILL');
    const simulation = await connect(NAME);
    try {
      await vi.waitFor(
        async () => {
          const now = await simulation.status();
          const roles = now.processes.filter(({ restarts }) => restarts > 0).map(({ role }) => role);
          expect([now.ready, new Set(roles)]).toEqual([true, new Set(ofEachRole.keys())]);
        },
        { timeout: 30_000, interval: 100 },
      );
    } finally {
      simulation.close();
    }
    expect(hostState()).toEqual(before);
    expectSameSettings(settings);
    await down(NAME);
    await expectNothingLeft();
  });

  it('ends whole with its first process, and the next one starts clean', async () => {
    const { processes } = await expectCleanStart();
    expect(processesOf(NAME)).toEqual(expect.arrayContaining(processes.map(({ pid }) => pid)));
    process.kill(processes.find(({ role }) => role === 'daemon')?.pid ?? 0, 'SIGKILL');
    await expectNothingLeft();
    await expect(connect(NAME)).rejects.toMatchObject({ code: 'NOT_RUNNING' });
    await expectCleanStart();
    await down(NAME);
    await expectNothingLeft();
  });
});

describe('two simulations', () => {
  it('run side by side on the same addresses, and one outlives the other', async () => {
    const [one, two] = await Promise.all([up({ name: NAME, ...SMALL }), up({ name: OTHER, ...SMALL })]);
    const inside = ({ nodes }: SimulationStatus): unknown => nodes.map(({ name, address }) => [name, address]);
    expect(inside(one.status)).toEqual(inside(two.status));
    expect([...one.verified, ...two.verified].filter(({ allowed }) => !allowed)).toEqual([]);
    expect(hostState()).toEqual(before);
    expectSameSettings(settings);

    await down(NAME);
    await expectNothingLeft();
    const simulation = await connect(OTHER);
    try {
      expect((await simulation.status()).ready).toBe(true);
      for await (const { allowed } of simulation.probeAll({})) expect(allowed).toBe(true);
    } finally {
      simulation.close();
    }
    await down(OTHER);
    await expectNothingLeft(OTHER);
    expectSameSettings(settings);
  });
});
