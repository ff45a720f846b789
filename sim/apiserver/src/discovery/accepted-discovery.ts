export type DiscoveryVersion = 'v2' | 'v2beta1';

/** The first aggregated form that an Accept header names; undefined: the old form. */
export function acceptedDiscovery(accept: string | undefined): DiscoveryVersion | undefined {
  for (const range of (accept ?? '').split(',')) {
    const [type, ...parameters] = range.split(';').map((part) => part.trim());
    if (type !== 'application/json') continue;
    if (!parameters.includes('as=APIGroupDiscoveryList')) return undefined;
    if (parameters.includes('v=v2')) return 'v2';
    if (parameters.includes('v=v2beta1')) return 'v2beta1';
  }
  return undefined;
}

export function discoveryMediaType(version: DiscoveryVersion): string {
  return `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
}
