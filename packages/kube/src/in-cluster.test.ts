import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApiServer } from '@margay/apiserver';
import { selfSigned } from '@margay/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClientNodeStore } from './client-node-store.ts';
import { readInCluster, SERVICE_ACCOUNT_FOLDER } from './in-cluster.ts';
import { createThinStore } from './thin-store.ts';

const ENV = { KUBERNETES_SERVICE_HOST: '192.0.2.1', KUBERNETES_SERVICE_PORT: '6443' };

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'margay-in-cluster-'));
  mkdirSync(join(root, SERVICE_ACCOUNT_FOLDER), { recursive: true });
  write('ca.crt', 'CA');
  write('token', 'first\n');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(name: string, content: string): void {
  writeFileSync(join(root, SERVICE_ACCOUNT_FOLDER, name), content);
}

/** A server as a pod finds it: TLS by the cluster's authority, and a token that may be replaced. */
async function startCluster(
  tokens: readonly string[],
): Promise<{ readonly env: NodeJS.ProcessEnv; close(): Promise<void> }> {
  const { certificate, privateKey } = await selfSigned();
  const server = await startApiServer({
    database: ':memory:',
    listen: [{ host: '127.0.0.1', port: 0 }],
    tls: { certificate, privateKey },
    tokens: new Map(tokens.map((token) => [token, 'system:serviceaccount:margay:ipam'])),
  });
  write('ca.crt', certificate);
  const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(server.port) };
  return { env, close: () => server.close() };
}

describe.each([
  ['the official client', createClientNodeStore],
  ['the thin client', createThinStore],
])('%s in a pod', (_, connect) => {
  it('is served as the service account, and refused with another token', async () => {
    const { env, close } = await startCluster(['first']);
    try {
      const store = await connect({ inCluster: { env, root } });
      expect((await store.get('Namespace', { name: 'default' }))?.metadata.name).toBe('default');
      write('token', 'a stranger');
      const stranger = await connect({ inCluster: { env, root } });
      await expect(stranger.get('Namespace', { name: 'default' })).rejects.toThrow(/nauthorized/);
    } finally {
      await close();
    }
  });
});

describe('readInCluster', () => {
  it('takes the address from the environment and the credential from the mount', () => {
    const { token, ...rest } = readInCluster({ env: ENV, root });
    expect(rest).toEqual({ server: 'https://192.0.2.1:6443', certificateAuthority: 'CA', skipTlsVerify: false });
    expect(token()).toBe('first');
  });

  it('reads a token that the kubelet has replaced', () => {
    const { token } = readInCluster({ env: ENV, root });
    write('token', 'second');
    expect(token()).toBe('second');
  });

  it('puts an IPv6 address in brackets', () => {
    expect(readInCluster({ env: { KUBERNETES_SERVICE_HOST: '2001:db8::1' }, root }).server).toBe(
      'https://[2001:db8::1]:443',
    );
  });

  it('says what to do outside of a cluster', () => {
    expect(() => readInCluster({ env: {}, root })).toThrow(
      expect.objectContaining({ code: 'BAD_KUBECONFIG', message: expect.stringContaining('give --kubeconfig') }),
    );
  });

  it.each(['ca.crt', 'token'])('refuses a pod without %s', (name) => {
    rmSync(join(root, SERVICE_ACCOUNT_FOLDER, name));
    expect(() => readInCluster({ env: ENV, root })).toThrow(
      expect.objectContaining({ code: 'BAD_KUBECONFIG', message: expect.stringContaining(name) }),
    );
  });
});
