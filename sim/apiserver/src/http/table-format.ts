import type { IncomingMessage } from 'node:http';
import type { TableVersion } from '../table/table.ts';

/** The version of Table that a request prefers to the objects themselves, if it does. */
export function acceptedTable(request: IncomingMessage): TableVersion | undefined {
  for (const range of (request.headers.accept ?? '').split(',')) {
    const [type, ...parameters] = range.split(';').map((part) => part.trim());
    const values = new Map(parameters.map((parameter) => parameter.split('=', 2) as [string, string]));
    if (values.get('as') === 'Table' && values.get('g') === 'meta.k8s.io') {
      const version = values.get('v');
      if (type === 'application/json' && (version === 'v1' || version === 'v1beta1')) return version;
      continue;
    }
    if (type === 'application/json' || type === '*/*') return undefined;
  }
  return undefined;
}
