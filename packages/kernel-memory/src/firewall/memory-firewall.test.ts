import { describeFirewall, describeFirewallMark } from '@margay/testkit';
import { MemoryFirewall } from './memory-firewall.ts';

describeFirewall('memory', () => {
  const firewall = new MemoryFirewall();
  return { firewall, foreignEdit: () => firewall.tamper(), close: () => {} };
});

describeFirewallMark('memory', () => {
  const firewall = new MemoryFirewall();
  return { firewall, mark: firewall, empty: () => firewall.empty(), close: () => {} };
});
