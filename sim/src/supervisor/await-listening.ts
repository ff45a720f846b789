import { connect } from 'node:net';
import type { Clock } from '@margay/ports';

const POLL_MS = 25;

/** Resolves once every `HOST:PORT` takes connections, at the latest after `atMostMs`. Never rejects. */
export async function awaitListening(
  addresses: readonly string[],
  { clock, atMostMs }: { readonly clock: Clock; readonly atMostMs: number },
): Promise<void> {
  const deadlineMs = clock.monotonicMs() + atMostMs;
  const waitFor = async (address: string): Promise<void> => {
    while (clock.monotonicMs() < deadlineMs && !(await listens(address))) await clock.sleep(POLL_MS);
  };
  await Promise.all(addresses.map(waitFor));
}

function listens(address: string): Promise<boolean> {
  const [host = '', port = ''] = address.split(':');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    const finish = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}
