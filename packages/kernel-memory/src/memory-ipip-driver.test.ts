import { describeIpipDriver } from '@margay/testkit';
import { MemoryKernel } from './memory-kernel.ts';

describeIpipDriver('memory', async () => {
  const kernel = new MemoryKernel();
  kernel.addLink({ name: 'eth0', addresses: ['192.0.2.10/24'] });
  return {
    driver: kernel.ipip,
    underlay: 'eth0',
    device: async (name) => {
      const link = (await kernel.interfaces.list()).find((each) => each.name === name);
      if (!link) return undefined;
      const addresses = link.addresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`);
      return { mtuBytes: link.mtuBytes, addresses };
    },
    deleteDevice: (name) => {
      kernel.deleteLink(name);
    },
    dispose: () => undefined,
  };
});
