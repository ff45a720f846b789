import { execFileSync } from 'node:child_process';
import { TABLE_NAME } from '@margay/firewall-core';
import { describeFirewallMark, EMPTY_FIREWALL, requireOwnNamespaces } from '@margay/testkit';
import { describe, expect, it } from 'vitest';
import { createNftablesFirewall } from '../nftables/index.ts';
import { LinuxFirewallMark } from './linux-firewall-mark.ts';

requireOwnNamespaces();

const nft = (...words: string[]): string => execFileSync('nft', words, { encoding: 'utf8' });

describeFirewallMark('nftables', () => {
  const firewall = createNftablesFirewall();
  const mark = new LinuxFirewallMark();
  return {
    firewall,
    mark,
    empty: () => void nft('flush', 'table', 'inet', TABLE_NAME),
    close: () => {
      nft('flush', 'ruleset');
      firewall[Symbol.dispose]();
      mark.close();
    },
  };
});

describe('LinuxFirewallMark', () => {
  it('does not see what others do in tables of their own, also in another process', async () => {
    using firewall = createNftablesFirewall();
    await firewall.apply(EMPTY_FIREWALL);
    const marks = [new LinuxFirewallMark(), new LinuxFirewallMark()];
    const first = await marks[0]?.read();
    nft('add', 'table', 'inet', 'other');
    expect(await marks[0]?.read()).toBe(first);
    expect(await marks[1]?.read()).toBe(first);
    for (const mark of marks) mark.close();
    nft('flush', 'ruleset');
  });
});
