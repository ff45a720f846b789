import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';

/** Who may talk to the server: bearer tokens, and client certificates of the CA that TLS was given. */
export class Authenticator {
  /** Users by the digest of their token: looking one up takes no time that depends on the secret. */
  readonly #users: ReadonlyMap<string, string>;

  constructor(tokens: ReadonlyMap<string, string>) {
    this.#users = new Map(Array.from(tokens, ([token, user]) => [digest(token), user] as const));
  }

  /** The user that the request proves to be; undefined when it proves none. */
  authenticate(request: IncomingMessage): string | undefined {
    const token = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token !== undefined) return this.#users.get(digest(token));
    const { socket } = request;
    if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
    const name = socket.getPeerCertificate().subject?.CN;
    return typeof name === 'string' && name !== '' ? name : undefined;
  }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

/**
 * Reads `token,user` lines; empty lines and those with `#` are left out.
 *
 * @throws {Error} a file that others can read, or a line that is neither
 */
export function readTokenFile(file: string): Map<string, string> {
  if ((statSync(file).mode & 0o077) !== 0) throw new Error(`${file} can be read by others: its mode must be 0600`);
  const tokens = new Map<string, string>();
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [token = '', user = ''] = line.split(',').map((part) => part.trim());
    if (token === '' || user === '') throw new Error(`${file}:${index + 1}: write token,user`);
    tokens.set(token, user);
  }
  return tokens;
}
