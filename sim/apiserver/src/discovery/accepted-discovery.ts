export type DiscoveryVersion = 'v2';

/** The first aggregated form that an Accept header names; undefined: the old form. */
export function acceptedDiscovery(accept: string | undefined): DiscoveryVersion | undefined {
  for (const range of (accept ?? '').split(',')) {
    const [type, ...parameters] = range.split(';').map((part) => part.trim());
    if (type !== 'application/json') continue;
    if (!parameters.some((parameter) => parameter.startsWith('as='))) return undefined;
    if (parameters.includes('as=APIGroupDiscoveryList') && parameters.includes('v=v2')) return 'v2';
  }
  return undefined;
}

export function discoveryMediaType(version: DiscoveryVersion): string {
  return `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
}
