import { MemoryFilterTables } from '@margay/kernel-memory';
import type { FilterFamily } from '@margay/ports';
import { describe, expect, it } from 'vitest';
import { HOST_PORT_TABLES, noteworthy, planRemoval } from './plan-removal.ts';

// A line is a chain (`ip nat OUTPUT accept` with a policy, `ip nat MINE` without) or a rule of a chain
// above: `ip nat OUTPUT -> MINE` leads there, `ip nat MINE = masq` does that; a comment follows #.

const IPTABLES = `
  ip nat CNI-HOSTPORT-SETMARK
  ip nat CNI-HOSTPORT-SETMARK = MARK
  ip nat CNI-HOSTPORT-MASQ
  ip nat CNI-HOSTPORT-MASQ = MASQUERADE
  ip nat POSTROUTING accept
  ip nat POSTROUTING -> CNI-HOSTPORT-MASQ
  ip nat CNI-HOSTPORT-DNAT
  ip nat PREROUTING accept
  ip nat PREROUTING -> CNI-HOSTPORT-DNAT
  ip nat OUTPUT accept
  ip nat OUTPUT -> CNI-HOSTPORT-DNAT`;

const NFTABLES = `
  ip cni_hostport hostports
  ip cni_hostport hostip_hostports
  ip cni_hostport hostports_all
  ip cni_hostport hostports_all -> hostip_hostports
  ip cni_hostport hostports_all -> hostports
  ip cni_hostport prerouting accept
  ip cni_hostport prerouting -> hostports_all
  ip cni_hostport output accept
  ip cni_hostport output -> hostports_all
  ip cni_hostport masquerading accept`;

/** A port of a container, as the plugin adds it with iptables. */
function port(network: string, container: string): string {
  return `
  ip nat CNI-DN-${container}
  ip nat CNI-DN-${container} -> CNI-HOSTPORT-SETMARK
  ip nat CNI-DN-${container} = DNAT
  ip nat CNI-HOSTPORT-DNAT -> CNI-DN-${container} # dnat name: "${network}" id: "${container}"`;
}

function write(filterTables: MemoryFilterTables, text: string): void {
  for (const line of linesOf(text)) {
    const [words = '', comment] = line.split(' # ');
    const [family, table, chain, third, fourth] = words.split(' ') as [FilterFamily, string, string, string?, string?];
    const said = comment === undefined ? {} : { comment };
    if (third === '->') filterTables.addRule(family, table, chain, { action: 'jump', leadsTo: fourth ?? '', ...said });
    else if (third === '=') filterTables.addRule(family, table, chain, { action: fourth ?? '', ...said });
    else filterTables.addChain(family, table, chain, third as 'accept' | 'drop' | undefined);
  }
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

async function show(filterTables: MemoryFilterTables): Promise<string[]> {
  const { tables } = await filterTables.list([...HOST_PORT_TABLES, 'other']);
  return tables.flatMap(({ family, name: table, chains }) =>
    chains.flatMap(({ name, policy, rules }) => [
      [family, table, name, ...(policy ? [policy] : [])].join(' '),
      ...rules.map(({ action, leadsTo, comment }) => {
        const what = leadsTo === undefined ? `= ${action}` : `-> ${leadsTo}`;
        return `${family} ${table} ${name} ${what}${comment === undefined ? '' : ` # ${comment}`}`;
      }),
    ]),
  );
}

/** What is left when `before` was there before Margay, and `after` came. */
async function left(before: string, after: string, set?: string): Promise<string[]> {
  const filterTables = new MemoryFilterTables();
  write(filterTables, before);
  const noted = new Set(noteworthy((await filterTables.list(HOST_PORT_TABLES)).tables));
  write(filterTables, after);
  if (set !== undefined) filterTables.addSet('ip', set);
  const { tables, generation } = await filterTables.list(HOST_PORT_TABLES);
  const removals = planRemoval({ tables, before: noted, network: 'margay', containers: new Set(['c1']) });
  expect(await filterTables.remove(removals, generation)).toBe(true);
  return show(filterTables);
}

const KUBE = `
  ip nat KUBE-POSTROUTING
  ip nat KUBE-POSTROUTING = MASQUERADE
  ip nat POSTROUTING accept
  ip nat POSTROUTING -> KUBE-POSTROUTING`;

describe('planRemoval', () => {
  it.each([
    { name: 'with iptables', after: IPTABLES },
    { name: 'with iptables and IPv6', after: IPTABLES + IPTABLES.replaceAll('ip nat', 'ip6 nat') },
    { name: 'with nftables', after: NFTABLES },
    { name: 'with iptables, and a port of a pod of Margay', after: IPTABLES + port('margay', 'x') },
    {
      name: 'with nftables, and a port of a container of Margay',
      after: `${NFTABLES}\n  ip cni_hostport hostports = nat # c1`,
    },
    {
      name: 'by reading iptables alone',
      after: 'ip6 nat OUTPUT accept\nip filter INPUT accept\nip filter FORWARD accept',
    },
  ])('takes all that portmap leaves behind $name', async ({ after }) => {
    expect(await left('', after)).toEqual([]);
  });

  it.each([
    { name: 'all of it', before: IPTABLES },
    { name: 'its own table', before: NFTABLES },
  ])('leaves what was there before: $name', async ({ before }) => {
    expect((await left(before, '')).toSorted()).toEqual(linesOf(before).toSorted());
  });

  it('takes its chains out of a table that others use, and base chains that were not there', async () => {
    const kube = linesOf(KUBE);
    expect((await left(KUBE, IPTABLES)).toSorted()).toEqual(kube.toSorted());
    expect((await left('', IPTABLES + KUBE)).toSorted()).toEqual(kube.toSorted());
    const all = `${KUBE}\n  ip nat OUTPUT accept`;
    expect((await left(all, IPTABLES)).toSorted()).toEqual(linesOf(all).toSorted());
  });

  it('takes only what came to a chain of another CNI that was there', async () => {
    const before = `
      ip nat CNI-HOSTPORT-DNAT
      ip nat PREROUTING accept
      ip nat PREROUTING -> CNI-HOSTPORT-DNAT`;
    const after = `
      ip nat CNI-HOSTPORT-SETMARK
      ip nat CNI-HOSTPORT-SETMARK = meta
      ip nat CNI-HOSTPORT-MASQ
      ip nat CNI-HOSTPORT-MASQ = masq
      ip nat POSTROUTING accept
      ip nat POSTROUTING -> CNI-HOSTPORT-MASQ`;
    expect((await left(before, after)).toSorted()).toEqual(linesOf(before).toSorted());
  });

  it.each([
    { name: 'a port', after: IPTABLES + port('theirs', 'x') },
    { name: 'a rule that masquerades otherwise', after: IPTABLES, more: 'ip nat CNI-HOSTPORT-MASQ = SNAT' },
    { name: 'an entry in portmap’s table', after: NFTABLES, more: 'ip cni_hostport hostports = nat # c2' },
    { name: 'a chain in portmap’s table', after: NFTABLES, more: 'ip cni_hostport theirs' },
    { name: 'a rule on portmap’s path', after: NFTABLES, more: 'ip cni_hostport prerouting = accept' },
    { name: 'a set in portmap’s table', after: NFTABLES, set: 'cni_hostport' },
    { name: 'a table that drops', after: 'ip filter INPUT drop' },
    { name: 'an empty chain of their own', after: 'ip filter INPUT accept\nip filter THEIRS' },
    { name: 'a set in a table without rules', after: 'ip filter INPUT accept', set: 'filter' },
    { name: 'another table', after: 'ip other OUTPUT accept' },
  ])('leaves what has something of somebody else: $name', async ({ after, more = '', set }) => {
    const text = `${after}\n${more}`;
    const found = await left('', text, set);
    // The masquerading chain alone is theirs: what leads to the other two goes.
    const gone = after === IPTABLES ? /DNAT|SETMARK|PREROUTING|OUTPUT/ : /^$/;
    expect(found.toSorted()).toEqual(
      linesOf(text)
        .filter((line) => !gone.test(line))
        .toSorted(),
    );
  });

  it('leaves a chain that a rule of somebody leads to', async () => {
    const theirs = 'ip nat THEIRS\nip nat THEIRS -> CNI-HOSTPORT-DNAT';
    expect((await left('', `${IPTABLES}\n${theirs}`)).toSorted()).toEqual(
      linesOf(`${IPTABLES}\n${theirs}`)
        .filter((line) => !/SETMARK|MASQ|POSTROUTING/.test(line))
        .toSorted(),
    );
  });
});
