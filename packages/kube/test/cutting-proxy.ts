import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

/** A way to a server that can fail as networks do. */
export interface CuttingProxy {
  readonly port: number;
  /** Ends every connection. While `blocked`, new ones end at once too. */
  cut(options?: { readonly blocked: boolean }): void;
  /** Nothing passes over today's connections any more, and neither side is told; new ones are sound. */
  silence(): void;
  close(): Promise<void>;
}

export async function startCuttingProxy(targetPort: number): Promise<CuttingProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let isBlocked = false;
  const server = createServer((near) => {
    near.on('error', () => undefined);
    if (isBlocked) return void near.destroy();
    const far = createConnection({ host: '127.0.0.1', port: targetPort });
    far.on('error', () => undefined);
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [index, socket] of pair.entries()) {
      socket.on('close', () => {
        pair[1 - index]?.destroy();
        pairs.delete(pair);
      });
    }
    near.pipe(far);
    far.pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = ({ blocked } = { blocked: false }): void => {
    isBlocked = blocked;
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    silence() {
      for (const [near, far] of pairs) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
