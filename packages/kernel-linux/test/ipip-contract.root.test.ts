import { versionOf } from '@margay/ip';
import { describeIpipDriver, requireOwnNamespaces } from '@margay/testkit';
import { EbpfIpipDriver } from '../src/ipip/index.ts';
import { LinuxInterfaces } from '../src/links/index.ts';
import { openRouteSocket } from '../src/rtnetlink/index.ts';
import { ScratchNamespaces } from './scratch-namespaces.ts';

requireOwnNamespaces();

describeIpipDriver('eBPF', async () => {
  const scratch = new ScratchNamespaces();
  const { path: namespacePath, devices } = scratch.createWithDevices('ipip');
  const interfaces = new LinuxInterfaces({ namespacePath });
  return {
    driver: new EbpfIpipDriver({ namespacePath }),
    underlay: devices[0],
    device: async (name) => {
      const link = (await interfaces.list()).find((each) => each.name === name);
      if (!link) return undefined;
      const addresses = link.addresses.filter(({ address }) => versionOf(address) === 4);
      return {
        mtuBytes: link.mtuBytes,
        addresses: addresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`),
      };
    },
    deleteDevice: (name) => {
      using rt = openRouteSocket({ namespacePath });
      rt.deleteLink(name);
    },
    dispose: () => scratch.dispose(),
  };
});
