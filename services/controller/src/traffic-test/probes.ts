import { connect } from 'node:net';

/** How long one attempt may take, milliseconds. */
export const ATTEMPT_MS = 3_000;

/** What a server answers. @throws {Error} it does not, or not with success */
export async function get(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ATTEMPT_MS) });
  const body = await response.text();
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${body.slice(0, 200)}`);
  return body;
}

/** Asks a server of the test whom it sees. @throws {Error} it sees another, or does not answer */
export async function expectSeenAs(server: string, sender: string): Promise<void> {
  const seen = (await get(`http://${server}/clientip`)).replace(/:\d+$/, '');
  if (seen !== sender) throw new Error(`the server sees ${seen}, not ${sender}`);
}

/** Makes a TCP connection to HOST:PORT, and ends it. */
export function expectConnects(address: string): Promise<void> {
  const colon = address.lastIndexOf(':');
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address.slice(0, colon), port: Number(address.slice(colon + 1)) });
    socket.setTimeout(ATTEMPT_MS, () => socket.destroy(new Error('no answer')));
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
