import { execFileSync } from 'node:child_process';
import { TABLE_NAME } from '@margay/firewall-core';
import { addressFromValue, parseAddress, parseCidr } from '@margay/ip';
import { describeFirewall, EMPTY_FIREWALL, requireOwnNamespaces, sampleFirewall } from '@margay/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { createNftablesFirewall } from './index.ts';

requireOwnNamespaces();

const nft = (...args: string[]): string => execFileSync('nft', args, { encoding: 'utf8' });

describeFirewall('nftables', () => {
  const firewall = createNftablesFirewall();
  return {
    firewall,
    foreignEdit: () => void nft('flush', 'chain', 'inet', TABLE_NAME, 'forward-to-pods'),
    empty: () => void nft('flush', 'table', 'inet', TABLE_NAME),
    close: () => {
      nft('flush', 'ruleset');
      firewall[Symbol.dispose]();
    },
  };
});

describe('createNftablesFirewall', () => {
  afterEach(() => void nft('flush', 'ruleset'));

  it('writes what nft reads', async () => {
    using firewall = createNftablesFirewall();
    await firewall.apply(sampleFirewall());
    expect(nft('list', 'table', 'inet', TABLE_NAME)).toMatchSnapshot();
  });

  it('leaves other tables alone, and is not disturbed by changes to them', async () => {
    using firewall = createNftablesFirewall();
    await firewall.apply(sampleFirewall());
    expect(await firewall.verify()).toBeDefined();
    nft('add', 'table', 'inet', 'other');
    expect(await firewall.verify()).toBeDefined();
    expect(await firewall.apply(sampleFirewall())).toEqual({ changed: false });
    await firewall.clear();
    expect(nft('list', 'tables')).toBe('table inet other\n');
  });

  it.each([
    ['a rule is added', ['add', 'rule', 'inet', TABLE_NAME, 'forward-to-pods', 'accept']],
    ['an element is removed', ['delete', 'element', 'inet', TABLE_NAME, 'set-s1', '{ 10.8.2.2 }']],
    ['an element is added', ['add', 'element', 'inet', TABLE_NAME, 'set-s1', '{ 10.8.3.3 }']],
    ['a map element is removed', ['delete', 'element', 'inet', TABLE_NAME, 'to-pods', '{ "mgy00000000001" }']],
    ['the table is deleted', ['delete', 'table', 'inet', TABLE_NAME]],
    ['everything is flushed', ['flush', 'ruleset']],
  ])('mends the table when %s', async (_, command) => {
    using firewall = createNftablesFirewall();
    await firewall.apply(sampleFirewall());
    await firewall.verify();
    const before = nft('list', 'table', 'inet', TABLE_NAME);
    nft(...command);
    expect(await firewall.verify()).toBeUndefined();
    await firewall.apply(sampleFirewall());
    expect(nft('list', 'table', 'inet', TABLE_NAME)).toBe(before);
  });

  it('takes over the table of an earlier process', async () => {
    using earlier = createNftablesFirewall();
    await earlier.apply(sampleFirewall());
    using firewall = createNftablesFirewall();
    expect(await firewall.apply(EMPTY_FIREWALL)).toEqual({ changed: true });
    expect(nft('list', 'table', 'inet', TABLE_NAME)).not.toContain('mgy0000');
  });

  it('starts to translate when asked to and never stops, also after a restart', async () => {
    const translates = (): boolean => nft('list', 'table', 'inet', TABLE_NAME).includes('type nat hook');
    using earlier = createNftablesFirewall();
    await earlier.apply(EMPTY_FIREWALL);
    expect(translates()).toBe(false);
    await earlier.apply({ ...EMPTY_FIREWALL, natOutgoing: [parseCidr('10.8.0.0/16')] });
    expect(translates()).toBe(true);
    await earlier.apply(EMPTY_FIREWALL);
    expect(translates()).toBe(true);
    using restarted = createNftablesFirewall();
    await restarted.apply(EMPTY_FIREWALL);
    expect(translates()).toBe(true);
    expect(nft('list', 'set', 'inet', TABLE_NAME, 'nat-outgoing')).not.toContain('10.8.0.0');
  });

  it('names the step that the kernel refused, and changes nothing', async () => {
    using firewall = createNftablesFirewall();
    await firewall.apply(EMPTY_FIREWALL);
    const before = nft('list', 'table', 'inet', TABLE_NAME);
    nft('add', 'set', 'inet', TABLE_NAME, 'set-s', '{ type inet_service; }');
    nft('add', 'element', 'inet', TABLE_NAME, 'set-s', '{ 80 }');
    const sets = [{ id: 's', type: 'addresses' as const, members: new Set([parseAddress('192.0.2.1')]) }];
    await expect(firewall.apply({ ...EMPTY_FIREWALL, sets })).rejects.toThrow(/set set-s/);
    await firewall.apply(EMPTY_FIREWALL);
    expect(nft('list', 'table', 'inet', TABLE_NAME)).toBe(before);
  });

  it('adds one address to 100,000 without sending the others', async () => {
    using firewall = createNftablesFirewall();
    const members = new Set(
      Array.from({ length: 100_000 }, (_, index) => addressFromValue(4, BigInt(0x0a000000 + index))),
    );
    await firewall.apply({ ...EMPTY_FIREWALL, sets: [{ id: 's', type: 'addresses', members }] });
    const more = new Set(members).add(parseAddress('192.0.2.1'));
    await firewall.apply({ ...EMPTY_FIREWALL, sets: [{ id: 's', type: 'addresses', members: more }] });
    expect(nft('get', 'element', 'inet', TABLE_NAME, 'set-s', '{ 192.0.2.1 }')).toContain('192.0.2.1');
    expect(nft('get', 'element', 'inet', TABLE_NAME, 'set-s', '{ 10.1.134.159 }')).toContain('10.1.134.159');
  });
});
