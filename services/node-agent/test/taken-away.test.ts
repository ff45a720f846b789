import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeRoute } from '@margay/routing-core';
import { createFakeClock } from '@margay/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EndpointStore } from '../src/endpoints/endpoint-store.ts';
import {
  type AgentWorld,
  createWorld,
  eventually,
  NODE,
  podEnvironment,
  preparePod,
  type RunningAgent,
  startAgent,
} from './agent-harness.ts';

// Somebody deletes the agent's files under it: real files, and a clock of the test's own.

let world: AgentWorld;
let agent: RunningAgent;
let clock: ReturnType<typeof createFakeClock>;
let ready: boolean[];

beforeEach(async () => {
  world = await createWorld();
  clock = createFakeClock();
  ready = [];
});
afterEach(async () => {
  await agent.stop().catch(() => undefined);
  await world.close();
});

const at = (name: string): string => join(world.directory, name);

async function start(stateDir = at('state')): Promise<void> {
  agent = await startAgent(world, { clock, stateDir, onReady: (isReady) => ready.push(isReady) });
  await advanceUntil(() => ready.length > 0);
}

async function advanceUntil<T>(read: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  return eventually(async () => {
    const value = await read();
    if (value === undefined || value === false) await clock.advance(500);
    return value;
  });
}

async function add(pod: string): Promise<number> {
  await preparePod(world, { pod });
  const adding = agent.cni(podEnvironment('ADD', { pod }));
  let code: number | undefined;
  void adding.then(({ exitCode }) => {
    code = exitCode;
  });
  return advanceUntil(() => (code === undefined ? undefined : { code })).then((ended) => ended.code);
}

function emptyState(): void {
  for (const name of readdirSync(at('state'))) rmSync(at(`state/${name}`));
}

async function savedPods(stateDir = at('state')): Promise<string[]> {
  return (await EndpointStore.load(stateDir)).all().map(({ pod }) => pod);
}

async function podRoutes(): Promise<string[]> {
  return (await world.kernel.routes.list()).map(describeRoute).filter((route) => route.includes('mgy'));
}

async function networkUnavailable(): Promise<string | undefined> {
  const node = await world.store.get('Node', { name: NODE });
  return node?.status?.conditions?.find(({ type }) => type === 'NetworkUnavailable')?.status;
}

describe('a running agent', () => {
  beforeEach(async () => {
    await start();
    expect(await add('a')).toBe(0);
  });

  it.each([
    { name: 'the state directory', take: () => rmSync(at('state'), { recursive: true }) },
    { name: 'the files in it', take: emptyState },
  ])('writes its state again when somebody deletes $name, and pods go on', async ({ take }) => {
    const before = await savedPods();
    await advanceUntil(() => existsSync(at('state/node.json')) && existsSync(at('state/feed.json')));
    const contents = ['node.json', 'node-changes.json', 'feed.json'].map((name) => readFileSync(at(`state/${name}`)));
    take();
    await advanceUntil(() => existsSync(at('state/endpoints.json')) && existsSync(at('state/feed.json')));
    expect(await savedPods()).toEqual(before);
    expect(statSync(at('state')).mode & 0o777).toBe(0o700);
    for (const [index, name] of ['node.json', 'node-changes.json', 'feed.json'].entries()) {
      expect(readFileSync(at(`state/${name}`))).toEqual(contents[index]);
    }
    expect(await add('b')).toBe(0);
    expect(ready).toEqual([true]);
    const routes = await podRoutes();
    await agent.stop();
    await start();
    expect(await podRoutes()).toEqual(routes);
    expect(await savedPods()).toEqual(['a', 'b']);
  });

  it.each([
    { name: 'deletes the socket', take: async () => undefined },
    { name: 'makes another one in its place', take: () => writeFile(at('cni.sock'), '') },
  ])('makes its socket again when somebody $name', async ({ take }) => {
    rmSync(at('cni.sock'));
    await take();
    const isSocket = (): boolean => existsSync(at('cni.sock')) && statSync(at('cni.sock')).isSocket();
    expect(isSocket()).toBe(false);
    await advanceUntil(isSocket);
    expect(await add('b')).toBe(0);
  });

  it('is not ready, and says so on the Node when that lasts, while it cannot put back what is missing', async () => {
    await advanceUntil(async () => (await networkUnavailable()) === 'False');
    rmSync(at('state'), { recursive: true });
    await writeFile(at('state'), 'a file in its place');
    await advanceUntil(() => ready.at(-1) === false);
    const startedMs = clock.monotonicMs();
    const status = await agent.cni({ CNI_COMMAND: 'STATUS', CNI_PATH: '/opt/cni/bin' });
    expect(JSON.parse(status.stdout)).toMatchObject({ code: 50, msg: expect.stringContaining('the state cannot be') });
    await advanceUntil(async () => (await networkUnavailable()) === 'True');
    expect(clock.monotonicMs() - startedMs).toBeGreaterThan(50_000);
    await rm(at('state'));
    await advanceUntil(() => ready.at(-1) === true);
    await advanceUntil(async () => (await networkUnavailable()) === 'False');
    expect(await savedPods()).toEqual(['a']);
  });
});

describe('an agent in a container, whose state directory is a mount', () => {
  let descriptor: number;
  let folder: string;
  /** As a mount whose directory was deleted: it opens, but takes no new name. */
  let mounted: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'margay-state-'));
    descriptor = openSync(folder, 'r');
    mounted = `/proc/self/fd/${descriptor}`;
    await start(mounted);
    expect(await add('a')).toBe(0);
    rmSync(folder, { recursive: true });
  });
  afterEach(() => {
    closeSync(descriptor);
    rmSync(folder, { recursive: true, force: true });
  });

  async function endOf(running: Promise<void>): Promise<string> {
    let message: string | undefined;
    running.catch((error: Error) => {
      message = error.message;
    });
    return advanceUntil(() => message);
  }

  it('hands its state to the next process, and ends', async () => {
    expect(await endOf(agent.running)).toMatch(/was taken away from the node, and has to be mounted again$/);
    const routes = await podRoutes();
    expect(routes).toHaveLength(1);
    await mkdir(folder);
    await start(folder);
    expect(await podRoutes()).toEqual(routes);
    expect(await savedPods(folder)).toEqual(['a']);
    expect(existsSync(at('.margay-handover'))).toBe(false);
    expect(await add('b')).toBe(0);
  });
});
