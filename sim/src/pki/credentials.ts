import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StatePaths } from '../launcher/paths.ts';
import { FABRIC } from '../topology/defaults.ts';
import { renderKubeconfig } from './kubeconfig.ts';

/** Port of the API server inside the fabric, as on a real control plane. */
export const API_PORT = 6443;

export const API_SERVER_IN_FABRIC = `https://${FABRIC.controlHost}:${API_PORT}`;

/** One user each, so that the API server's log tells who asked. */
export const CENTRAL_USERS = ['margay-controller', 'margay-ipam', 'margay-policy', 'margay-fanout'] as const;
export const ADMIN = 'kubernetes-admin';
export const SIMULATOR = 'margay-sim';
export const NODE_AGENT = 'margay-node-agent';
export const KUBELET = 'system:node';

const USERS = [ADMIN, SIMULATOR, NODE_AGENT, KUBELET, ...CENTRAL_USERS];

export interface PkiPaths {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  readonly tokens: string;
}

export function pkiPaths(paths: StatePaths): PkiPaths {
  return {
    ca: join(paths.pki, 'ca.crt'),
    certificate: join(paths.pki, 'apiserver.crt'),
    key: join(paths.pki, 'apiserver.key'),
    tokens: join(paths.pki, 'tokens.csv'),
  };
}

/** The kubeconfig of a user inside the fabric. */
export function fabricKubeconfig(paths: StatePaths, user: string): string {
  return join(paths.pki, `${user.replace(':', '-')}.kubeconfig`);
}

/**
 * Makes the authority, the API server's certificate, a token for each user,
 * and the kubeconfigs: the administrator's for the host, which reaches the API
 * server on the loopback, and the services' for the fabric. All are readable
 * by their user alone.
 */
export async function writeCredentials(options: {
  readonly name: string;
  readonly paths: StatePaths;
  readonly hostPort: number;
}): Promise<void> {
  const { name, paths, hostPort } = options;
  const { createServerIdentity } = await import('./certificates.ts');
  const identity = await createServerIdentity({
    name,
    dnsNames: ['localhost', 'kubernetes', 'kubernetes.default.svc'],
    addresses: ['127.0.0.1', FABRIC.controlHost],
  });
  const pki = pkiPaths(paths);
  writePrivate(pki.ca, identity.caPem);
  writePrivate(pki.certificate, identity.certificatePem);
  writePrivate(pki.key, identity.keyPem);
  const tokens = USERS.map((user) => ({ user, token: randomBytes(32).toString('base64url') }));
  // The format of kube-apiserver's --token-auth-file: token, user, uid, groups.
  const lines = tokens.map(({ user, token }) => `${token},${user},${user},"system:masters"\n`);
  writePrivate(pki.tokens, lines.join(''));
  const cluster = `margay-${name}`;
  for (const { user, token } of tokens) {
    const config = { cluster, caPem: identity.caPem, user, token };
    writePrivate(fabricKubeconfig(paths, user), renderKubeconfig({ ...config, server: API_SERVER_IN_FABRIC }));
    if (user !== ADMIN) continue;
    const server = `https://127.0.0.1:${hostPort}`;
    writePrivate(paths.kubeconfig, renderKubeconfig({ ...config, server }));
  }
}

/** The token of a user, from its kubeconfig. */
export function readToken(paths: StatePaths, user: string): string {
  const config = JSON.parse(readFileSync(fabricKubeconfig(paths, user), 'utf8')) as {
    users: { user: { token: string } }[];
  };
  const token = config.users[0]?.user.token;
  if (token === undefined) throw new Error(`the kubeconfig of ${user} has no token`);
  return token;
}

function writePrivate(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600);
}
