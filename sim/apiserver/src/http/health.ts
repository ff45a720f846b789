import type { ServerResponse } from 'node:http';

/** Open to everyone, as in Kubernetes: they tell nothing but that the server lives. */
const ENDPOINTS = ['healthz', 'livez', 'readyz'];

/**
 * What each endpoint is made of, by kube-apiserver's names as far as there is
 * such a part here; `etcd` is the database. A server that answers has both.
 */
const CHECKS = ['ping', 'etcd'];

/** Answers a health endpoint, or one check of it, to any method. False: the path is another one. */
export function respondHealth(
  response: ServerResponse,
  { segments, query }: { readonly segments: readonly string[]; readonly query: URLSearchParams },
): boolean {
  const [endpoint = '', check, ...more] = segments;
  if (!ENDPOINTS.includes(endpoint) || more.length > 0) return false;
  if (check !== undefined && !CHECKS.includes(check)) return false;
  respondText(response, 200, check === undefined ? healthText(endpoint, query) : 'ok');
  return true;
}

/** One line a check where `verbose` asks for them; `exclude` leaves checks out, and there can be several. */
function healthText(endpoint: string, query: URLSearchParams): string {
  if (!query.has('verbose')) return 'ok';
  const excluded = query.getAll('exclude');
  const lines = CHECKS.map((name) => `[+]${name} ${excluded.includes(name) ? 'excluded: ok' : 'ok'}`);
  const unknown = excluded.filter((name) => !CHECKS.includes(name)).map((name) => JSON.stringify(name));
  if (unknown.length > 0) lines.push(`warn: no check has the name ${unknown.join(', ')}`);
  return `${[...lines, `${endpoint} check passed`].join('\n')}\n`;
}

export function respondText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}
