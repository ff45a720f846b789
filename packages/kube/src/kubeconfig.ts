import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import type { ApiAccess } from './api-access.ts';
import { KubeError } from './error.ts';

type Fields = Readonly<Record<string, unknown>>;

const require = createRequire(import.meta.url);

/**
 * Reads the current context of a kubeconfig: certificates and tokens, inline
 * or in files (relative to the kubeconfig). Plugins that fetch a credential
 * (`exec`, `auth-provider`) are refused rather than left out.
 *
 * @throws {KubeError} `BAD_KUBECONFIG`
 */
export function readKubeconfig(file: string): ApiAccess {
  const whole = parse(file);
  const contextName = text(whole, 'current-context', file);
  if (contextName === undefined) throw bad(file, 'current-context is missing');
  const context = named(whole, { list: 'contexts', part: 'context', name: contextName, file });
  const cluster = named(whole, { list: 'clusters', part: 'cluster', name: text(context, 'cluster', file), file });
  const user = named(whole, { list: 'users', part: 'user', name: text(context, 'user', file), file });
  for (const plugin of ['exec', 'auth-provider']) {
    if (user[plugin] !== undefined) throw bad(file, `${plugin} is not supported here; use a certificate or a token`);
  }

  const server = text(cluster, 'server', file);
  if (server === undefined || !URL.canParse(server)) throw bad(file, `server is '${server ?? ''}', not a URL`);
  const certificateAuthority = pem(cluster, 'certificate-authority', file);
  const serverName = text(cluster, 'tls-server-name', file);
  const clientCertificate = pem(user, 'client-certificate', file);
  const clientKey = pem(user, 'client-key', file);
  if ((clientCertificate === undefined) !== (clientKey === undefined)) {
    throw bad(file, 'client-certificate and client-key belong together, but only one is there');
  }
  return {
    server: server.replace(/\/+$/, ''),
    skipTlsVerify: cluster['insecure-skip-tls-verify'] === true,
    token: tokenReader(user, file),
    ...(certificateAuthority !== undefined && { certificateAuthority }),
    ...(serverName !== undefined && { serverName }),
    ...(clientCertificate !== undefined && { clientCertificate }),
    ...(clientKey !== undefined && { clientKey }),
  };
}

/** JSON is YAML too, and the parser for YAML is loaded only for a file that is not JSON. */
function parse(file: string): Fields {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new KubeError('BAD_KUBECONFIG', `Cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
  let value: unknown;
  try {
    value = content.trimStart().startsWith('{')
      ? JSON.parse(content)
      : (require('yaml') as typeof import('yaml')).parse(content);
  } catch (error) {
    throw bad(file, (error as Error).message.split('\n')[0] ?? 'malformed', error);
  }
  return fields(value, 'the file', file);
}

function named(
  whole: Fields,
  { list, part, name, file }: { list: string; part: string; name: string | undefined; file: string },
): Fields {
  const entries = whole[list];
  if (!Array.isArray(entries)) throw bad(file, `${list} is missing`);
  const entry = entries.map((value) => fields(value, list, file)).find((candidate) => candidate.name === name);
  if (entry === undefined) throw bad(file, `${list} has no entry named '${name ?? ''}'`);
  return fields(entry[part] ?? {}, `${list}.${part}`, file);
}

function pem(owner: Fields, field: string, file: string): string | undefined {
  const inline = text(owner, `${field}-data`, file);
  if (inline !== undefined) return Buffer.from(inline, 'base64').toString('utf8');
  const path = text(owner, field, file);
  return path === undefined ? undefined : readBeside(file, path);
}

function tokenReader(user: Fields, file: string): () => string | undefined {
  const token = text(user, 'token', file);
  const path = text(user, 'tokenFile', file);
  if (token !== undefined || path === undefined) return () => token;
  return () => readBeside(file, path).trim();
}

function readBeside(file: string, path: string): string {
  const absolute = resolve(dirname(file), path);
  try {
    return readFileSync(absolute, 'utf8');
  } catch (error) {
    throw bad(file, `cannot read ${absolute}: ${(error as Error).message}`, error);
  }
}

function text(owner: Fields, field: string, file: string): string | undefined {
  const value = owner[field];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw bad(file, `${field} is not a text`);
  return value;
}

function fields(value: unknown, what: string, file: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(file, `${what} is not a mapping`);
  return value as Fields;
}

function bad(file: string, problem: string, cause?: unknown): KubeError {
  return new KubeError('BAD_KUBECONFIG', `${file}: ${problem}`, { cause });
}
