import { describeFirewall } from '@margay/testkit';
import { MemoryFirewall } from './memory-firewall.ts';

describeFirewall('memory', () => {
  const firewall = new MemoryFirewall();
  return { firewall, foreignEdit: () => firewall.tamper(), empty: () => firewall.empty(), close: () => {} };
});
