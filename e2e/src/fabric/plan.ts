/**
 * The networks of a test's cluster: two racks with a router between them, and
 * beyond it a network with an outside witness. From 198.18.0.0/15, which is
 * for tests of networks (RFC 2544). kind's own network is beside them, for
 * management.
 */
export const FABRIC = {
  /** Holds every rack and nothing else of the nodes: what interface detection is told to look for. */
  cidr: '198.18.0.0/22',
  racks: [
    { name: 'rack-1', cidr: '198.18.1.0/24', router: '198.18.1.2', firstNode: '198.18.1.11' },
    { name: 'rack-2', cidr: '198.18.2.0/24', router: '198.18.2.2', firstNode: '198.18.2.11' },
  ],
  outside: { cidr: '198.19.9.0/24', router: '198.19.9.2', witness: '198.19.9.80', port: 80 },
} as const;

/** The pods' network. */
export const POD_CIDR = '10.244.0.0/16';

export interface NodePlace {
  readonly node: string;
  readonly rack: (typeof FABRIC.racks)[number];
  readonly address: string;
}

/** How many nodes the first rack has room for; the others are behind the router. */
const FIRST_RACK_NODES = 2;

/** Where each node stands. */
export function placeNodes(names: readonly string[]): NodePlace[] {
  const [first, second] = FABRIC.racks;
  const places = names.map((node, index) => ({ node, rack: index < FIRST_RACK_NODES ? first : second }));
  return places.map((place, index) => {
    const before = places.slice(0, index).filter(({ rack }) => rack === place.rack).length;
    const [, network = '', host = ''] = /^(.*\.)(\d+)$/.exec(place.rack.firstNode) ?? [];
    return { ...place, address: `${network}${Number(host) + before}` };
  });
}

/** The networks that a node reaches through its rack's router. */
export function networksBehindRouter({ rack }: NodePlace): string[] {
  const others = FABRIC.racks.filter((other) => other !== rack).map(({ cidr }) => cidr);
  // Blocks of neighbours have routes of their own, by their nodes' agents; the rest of the pods is beyond the router.
  return [...others, FABRIC.outside.cidr, POD_CIDR];
}
