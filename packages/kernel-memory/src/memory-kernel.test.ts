import { parseAddress, parseCidr } from '@margay/ip';
import { KernelError } from '@margay/ports';
import {
  describeConntrack,
  describeInterfaces,
  describeKernelEvents,
  describePodLinks,
  describeRouteTable,
  describeSysctls,
  type PodHarm,
} from '@margay/testkit';
import { describe, expect, it } from 'vitest';
import { MemoryKernel } from './memory-kernel.ts';

const dispose = (): void => undefined;

describeRouteTable('MemoryKernel', async () => {
  const kernel = new MemoryKernel();
  kernel.addLink({ name: 'eth0', addresses: ['192.0.2.10/24'] });
  kernel.addLink({ name: 'eth1' });
  return { table: kernel.routes, devices: ['eth0', 'eth1'], dispose };
});

const HARM: Readonly<Record<PodHarm, Parameters<MemoryKernel['editPodEnd']>[2]>> = {
  'no-default-route': { defaultRoute: undefined },
  'no-gateway-route': { hasGatewayRoute: false },
  'no-address': { address: undefined },
  'no-neighbour': { hasNeighbour: false },
  down: { up: false },
  'small-mtu': { mtuBytes: 1280 },
  'own-default-route': { defaultRoute: 'own' },
};

describePodLinks('MemoryKernel', async () => {
  const kernel = new MemoryKernel();
  const namespaces = ['/run/netns/a', '/run/netns/b'] as const;
  for (const path of namespaces) kernel.addNamespace(path);
  return {
    podLinks: kernel.podLinks,
    namespaces,
    missingNamespace: '/run/netns/none',
    endNamespace: async (path) => kernel.deleteNamespace(path),
    harm: (path, device, harm) => kernel.editPodEnd(path, device, HARM[harm]),
    dispose,
  };
});

describeInterfaces('MemoryKernel', async () => {
  const kernel = new MemoryKernel();
  return {
    interfaces: kernel.interfaces,
    addDevice: (name, addresses) => kernel.addLink({ name, addresses, mtuBytes: 1400 }),
    dispose,
  };
});

describeSysctls('MemoryKernel', async () => {
  const kernel = new MemoryKernel();
  kernel.addLink({ name: 'margay.ipip' });
  return { sysctls: kernel.sysctls, device: 'margay.ipip', dispose };
});

describeKernelEvents('MemoryKernel', async () => {
  const kernel = new MemoryKernel();
  kernel.addLink({ name: 'eth0' });
  return {
    events: kernel.events,
    routes: kernel.routes,
    device: 'eth0',
    addDevice: (name, addresses) => kernel.addLink({ name, addresses }),
    dispose,
  };
});

describeConntrack('MemoryKernel', async () => {
  const { conntrack } = new MemoryKernel();
  return {
    conntrack,
    track: async (from, to) => {
      for (const source of from) conntrack.track(source, to);
    },
    count: async (address) => conntrack.count(address),
    dispose,
  };
});

describe('MemoryKernel', () => {
  it('fails the next operation only, and changes nothing by it', async () => {
    const kernel = new MemoryKernel();
    kernel.addLink({ name: 'eth0' });
    kernel.failNext('routes.apply', new KernelError('REJECTED', 'no'));
    const destination = parseCidr('10.8.0.1/32');
    const plan = { upsert: [{ destination, kind: 'unicast' as const, device: 'eth0' }], remove: [] };
    await expect(kernel.routes.apply(plan)).rejects.toThrow('no');
    expect(await kernel.routes.list()).toEqual([]);
    await kernel.routes.apply(plan);
    expect(await kernel.routes.list()).toEqual(plan.upsert);
  });

  it('drops the routes over a device that goes', async () => {
    const kernel = new MemoryKernel();
    kernel.addLink({ name: 'eth0' });
    const destination = parseCidr('10.8.0.1/32');
    await kernel.routes.apply({ upsert: [{ destination, kind: 'unicast', device: 'eth0' }], remove: [] });
    kernel.deleteLink('eth0');
    expect(await kernel.routes.list()).toEqual([]);
  });

  it('notices a foreign edit of the firewall', async () => {
    const kernel = new MemoryKernel();
    const { firewall } = kernel;
    const model = {
      endpoints: [],
      policies: [],
      sets: [],
      natOutgoing: [parseCidr('10.8.0.0/16')],
      clusterNetworks: [],
      natToNodes: [],
      nodes: new Set<never>(),
    };
    expect(await firewall.apply(model)).toEqual({ changed: true });
    expect(await firewall.apply(model)).toEqual({ changed: false });
    expect(await firewall.verify()).toBeDefined();
    kernel.tamperFirewall();
    expect(await firewall.verify()).toBeUndefined();
    expect(await firewall.apply(model)).toEqual({ changed: true });
  });

  it('mends an IP-in-IP device that someone deleted', async () => {
    const kernel = new MemoryKernel();
    kernel.addLink({ name: 'eth0', addresses: ['192.0.2.10/24'] });
    const tunnel = {
      device: 'margay.ipip',
      address: parseAddress('10.8.0.0'),
      mtuBytes: 1480,
      underlay: { device: 'eth0', address: parseAddress('192.0.2.10') },
      remotes: [],
    };
    expect(await kernel.ipip.ensure(tunnel)).toEqual({ changed: true });
    expect(await kernel.ipip.ensure(tunnel)).toEqual({ changed: false });
    kernel.deleteLink('margay.ipip');
    expect(await kernel.ipip.ensure(tunnel)).toEqual({ changed: true });
  });
});
