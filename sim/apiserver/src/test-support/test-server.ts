import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiAddress } from '@margay/testkit';
import type { ApiServerOptions } from '../options.ts';
import { type ApiServer, startApiServer } from '../start-api-server.ts';
import { TestAuthority } from './certificates.ts';
import { TestClient } from './client.ts';

/** A server with a database of its own, for one test file. */
export interface TestServer {
  readonly client: TestClient;
  readonly authority: TestAuthority;
  readonly port: number;
  /** Where it is, and the token of the user `tester`. */
  readonly address: Required<ApiAddress>;
  /** Stops the server and starts another one on the same database. */
  restart(): Promise<void>;
  clientWith(token: string | undefined): TestClient;
  close(): Promise<void>;
}

export const TEST_TOKEN = 'a-token-for-tests';

export async function startTestServer(options: Partial<ApiServerOptions> = {}): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), 'margay-apiserver-'));
  const authority = await TestAuthority.create();
  const { certificate, privateKey } = await authority.issue('apiserver');
  const start = (port: number): Promise<ApiServer> =>
    startApiServer({
      database: join(directory, 'state.sqlite'),
      listen: [{ host: '127.0.0.1', port }],
      tls: { certificate, privateKey, clientCa: authority.certificate },
      tokens: new Map([[TEST_TOKEN, 'tester']]),
      ...options,
    });
  let server = await start(0);
  const { port } = server;
  const clientWith = (token: string | undefined): TestClient =>
    new TestClient(port, { ca: authority.certificate }, token);
  return {
    client: clientWith(TEST_TOKEN),
    authority,
    port,
    address: { url: `https://127.0.0.1:${port}`, ca: authority.certificate, token: TEST_TOKEN },
    clientWith,
    restart: async () => {
      await server.close();
      server = await start(port);
    },
    close: async () => {
      await server.close();
      rmSync(directory, { recursive: true });
    },
  };
}
