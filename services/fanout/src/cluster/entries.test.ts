import { describe, expect, it } from 'vitest';
import { ClusterView } from './cluster-view.ts';
import { nodeEntry, poolEntry, routeEntries } from './entries.ts';

const block = (affinity: string | undefined, nodes: (string | null)[]) => ({
  metadata: { name: '10-8-1-0-30' },
  spec: {
    cidr: '10.8.1.0/30',
    ...(affinity === undefined ? {} : { affinity }),
    allocations: nodes.map((node, index) => (node === null ? null : index)),
    unallocated: [],
    attributes: nodes.map((node) => (node === null ? {} : { secondary: { node } })),
    sequenceNumber: 1,
    sequenceNumberForAllocation: {},
  },
});

describe('routeEntries', () => {
  it.each([
    {
      name: 'is the block alone when its addresses are its own',
      of: block('host:node-1', ['node-1', null]),
      routes: ['10.8.1.0/30 node-1'],
    },
    {
      name: 'adds an address that another node borrowed',
      of: block('host:node-1', ['node-1', 'node-2', null, null]),
      routes: ['10.8.1.0/30 node-1', '10.8.1.1/32 node-2'],
    },
    {
      name: 'is each address when the block belongs to nobody',
      of: block(undefined, [null, 'node-2']),
      routes: ['10.8.1.1/32 node-2'],
    },
    { name: 'leaves load balancer blocks out', of: block('virtual:load-balancer', [null]), routes: [] },
  ])('$name', ({ of, routes }) => {
    expect(routeEntries(of).map(({ cidr, node }) => `${cidr} ${node}`)).toEqual(routes);
  });
});

describe('nodeEntry', () => {
  it('needs the address that the agent reports', () => {
    expect(nodeEntry({ metadata: { name: 'node-1' } })).toBeUndefined();
  });

  it('reads address, subnet and tunnel address', () => {
    const annotations = {
      'networking.margay.dev/ipv4-address': '192.0.2.10/26',
      'networking.margay.dev/ipv4-ipip-tunnel-address': '10.8.1.1',
    };
    expect(nodeEntry({ metadata: { name: 'node-1', annotations } })).toEqual({
      kind: 'node',
      name: 'node-1',
      address: '192.0.2.10',
      subnet: '192.0.2.0/26',
      ipipTunnelAddress: '10.8.1.1',
    });
  });

  it('throws on an address that is none, rather than forgetting the node', () => {
    const annotations = { 'networking.margay.dev/ipv4-address': '192.0.2.300/26' };
    expect(() => nodeEntry({ metadata: { name: 'node-1', annotations } })).toThrow(/not a CIDR/);
  });
});

describe('poolEntry', () => {
  it('defaults to no encapsulation and no NAT', () => {
    expect(poolEntry({ metadata: { name: 'p' }, spec: { cidr: '10.8.0.0/16' } })).toEqual({
      kind: 'pool',
      cidr: '10.8.0.0/16',
      ipipMode: 'Never',
      natOutgoing: false,
      disabled: false,
    });
  });

  it('says that a pool gives no more addresses', () => {
    expect(poolEntry({ metadata: { name: 'p' }, spec: { cidr: '10.8.0.0/16', disabled: true } }).disabled).toBe(true);
  });
});

describe('ClusterView', () => {
  it('removes what a changed object no longer brings', () => {
    const view = new ClusterView();
    const before = routeEntries(block('host:node-1', ['node-2', 'node-2']));
    view.replace('block', before);
    const after = view.replace('block', routeEntries(block('host:node-1', [null, 'node-2'])));
    expect(after.removes).toEqual(['route/10.8.1.0/32']);
    expect(view.replace('block', []).removes).toEqual(['route/10.8.1.0/30', 'route/10.8.1.1/32']);
  });

  it('keeps an entry while another object still brings it', () => {
    const view = new ClusterView();
    const entries = routeEntries(block('host:node-1', [null]));
    view.replace('old', entries);
    view.replace('new', entries);
    expect(view.replace('old', []).removes).toEqual([]);
  });
});
