import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  type AgentWorld,
  block,
  createWorld,
  eventually,
  NODE,
  type RunningAgent,
  startAgent,
} from './agent-harness.ts';

const TUNNEL_HANDLE = `ipip-tunnel-addr-${NODE}`;

let world: AgentWorld;
let agent: RunningAgent;
let line: Line;

beforeEach(async () => {
  world = await createWorld();
  line = await Line.to(world.feed.address);
  agent = await startAgent(world, { feedAddress: line.address });
  await eventually(async () => (await agent.status()).ipipTunnelAddress !== '');
  await eventually(() => world.kernel.ipip.tunnel('margay.ipip') !== undefined);
});

afterEach(async () => {
  await agent.stop();
  line.close();
  await world.close();
});

it('asks for the tunnel address again, and takes another one, when the feed is back', async () => {
  const before = world.ipam.byHandle.get(TUNNEL_HANDLE);
  world.ipam.byHandle.set(TUNNEL_HANDLE, '10.8.0.60');
  expect((await agent.status()).ipipTunnelAddress).toBe(before);
  line.cut();
  await eventually(() => world.feed.subscriptions.length === 2);
  await eventually(async () => (await agent.status()).ipipTunnelAddress === '10.8.0.60');
  await eventually(() => world.kernel.ipip.tunnel('margay.ipip')?.address === '10.8.0.60');
});

it('resumes where it stood, and takes what it missed', async () => {
  await eventually(async () => (await agent.status()).feed?.inSync);
  const { revision } = (await agent.status()).feed ?? {};
  line.cut();
  await world.feed.push([block('10.8.5.0/26', 'node-b')]);
  await eventually(async () =>
    (await world.kernel.routes.list()).some(({ destination }) => destination === '10.8.5.0/26'),
  );
  expect(world.feed.subscriptions.length).toBeGreaterThanOrEqual(2);
  expect(world.feed.subscriptions[1]).toMatchObject({ epoch: world.feed.epoch });
  expect(world.feed.subscriptions[1]?.revision).toBeGreaterThanOrEqual(Number(revision ?? 0));
});

/** A line to a server that can be cut while both ends stay. */
class Line {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(host: string, port: number) {
    this.#server = createServer((near) => {
      const far = connect(port, host);
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => this.#sockets.delete(socket));
      }
      near.pipe(far).pipe(near);
    });
  }

  static async to(address: string): Promise<Line> {
    const [host = '', port] = address.split(':');
    const line = new Line(host, Number(port));
    line.#server.listen(0, '127.0.0.1');
    await once(line.#server, 'listening');
    return line;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}
