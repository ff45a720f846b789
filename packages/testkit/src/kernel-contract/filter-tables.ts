import type { FilterChain, FilterFamily, FilterRemoval, FilterRule, FilterTables } from '@margay/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** A rule as somebody writes it. */
export interface FilterRuleSpec {
  readonly action: 'accept' | 'drop' | 'jump' | 'goto';
  readonly leadsTo?: string;
  readonly comment?: string;
}

/** Empty at first. What it adds, somebody else does. */
export interface FilterTablesFixture {
  readonly filterTables: FilterTables;
  /** Makes a chain, with its table; with a policy, a base chain. */
  readonly addChain: (family: FilterFamily, table: string, chain: string, policy?: 'accept' | 'drop') => void;
  readonly addRule: (family: FilterFamily, table: string, chain: string, rule: FilterRuleSpec) => void;
  readonly addSet: (family: FilterFamily, table: string) => void;
  readonly dispose: () => Promise<void> | void;
}

const NAT = { family: 'ip', table: 'nat' } as const;

/** What every FilterTables does. */
export function describeFilterTables(name: string, setUp: () => Promise<FilterTablesFixture>): void {
  describe(`FilterTables of ${name}`, () => {
    let fixture: FilterTablesFixture;
    let filterTables: FilterTables;
    beforeEach(async () => {
      fixture = await setUp();
      ({ filterTables } = fixture);
      fixture.addChain('ip', 'nat', 'OUTPUT', 'accept');
      fixture.addChain('ip', 'nat', 'PORTS');
      fixture.addRule('ip', 'nat', 'OUTPUT', { action: 'jump', leadsTo: 'PORTS', comment: 'to the ports' });
    });
    afterEach(() => fixture.dispose());

    async function chains(): Promise<readonly FilterChain[]> {
      return (await filterTables.list(['nat'])).tables.flatMap((table) => table.chains);
    }

    /** The first rule of a chain. */
    async function ruleOf(chain: string): Promise<FilterRule> {
      const rule = (await chains()).find((each) => each.name === chain)?.rules[0];
      if (!rule) throw new Error(`there is no rule in ${chain}`);
      return rule;
    }

    async function remove(...removals: readonly FilterRemoval[]): Promise<boolean> {
      return filterTables.remove(removals, (await filterTables.list([])).generation);
    }

    it('lists the tables of a name in both families, and no others', async () => {
      fixture.addChain('ip6', 'nat', 'INPUT', 'drop');
      fixture.addChain('ip', 'filter', 'INPUT', 'accept');
      fixture.addSet('ip6', 'nat');
      const { tables } = await filterTables.list(['nat']);
      const inputOnly = [{ name: 'INPUT', policy: 'drop', rules: [], references: 0 }];
      expect(tables).toMatchObject([
        { family: 'ip', name: 'nat', otherObjects: 0 },
        { family: 'ip6', name: 'nat', otherObjects: 1, chains: inputOnly },
      ]);
      expect(tables[0]?.chains).toEqual([
        {
          name: 'OUTPUT',
          policy: 'accept',
          rules: [{ handle: expect.any(BigInt), action: 'jump', leadsTo: 'PORTS', comment: 'to the ports' }],
          references: 0,
        },
        { name: 'PORTS', rules: [], references: 1 },
      ]);
      expect((await filterTables.list(['filter', 'mangle'])).tables.map(({ name: table }) => table)).toEqual([
        'filter',
      ]);
      expect((await filterTables.list([])).tables).toEqual([]);
    });

    it('tells what a rule does last, and where it leads', async () => {
      fixture.addRule('ip', 'nat', 'PORTS', { action: 'accept' });
      fixture.addRule('ip', 'nat', 'PORTS', { action: 'drop', comment: 'no' });
      fixture.addChain('ip', 'nat', 'MORE');
      fixture.addRule('ip', 'nat', 'PORTS', { action: 'goto', leadsTo: 'MORE' });
      const listed = await chains();
      expect(listed.find((each) => each.name === 'PORTS')?.rules.map(({ handle: _, ...rule }) => rule)).toEqual([
        { action: 'accept' },
        { action: 'drop', comment: 'no' },
        { action: 'goto', leadsTo: 'MORE' },
      ]);
      expect(listed.map((each) => each.references)).toEqual([0, 1, 1]);
    });

    it('takes a rule, then its chains, then the table', async () => {
      const { handle } = await ruleOf('OUTPUT');
      expect(await remove({ ...NAT, kind: 'rule', chain: 'OUTPUT', handle })).toBe(true);
      expect((await chains()).map(({ rules, references }) => [rules.length, references])).toEqual([
        [0, 0],
        [0, 0],
      ]);
      const both = ['OUTPUT', 'PORTS'].map((chain) => ({ ...NAT, kind: 'chain' as const, chain }));
      expect(await remove(...both, { ...NAT, kind: 'table' })).toBe(true);
      expect((await filterTables.list(['nat'])).tables).toEqual([]);
    });

    it.each<{ readonly name: string; readonly removal: (handle: bigint) => FilterRemoval; readonly code: string }>([
      { name: 'a chain with a rule', removal: () => ({ ...NAT, kind: 'chain', chain: 'OUTPUT' }), code: 'REJECTED' },
      { name: 'a chain that is led to', removal: () => ({ ...NAT, kind: 'chain', chain: 'PORTS' }), code: 'REJECTED' },
      { name: 'a table with chains', removal: () => ({ ...NAT, kind: 'table' }), code: 'REJECTED' },
      { name: 'a chain that is not there', removal: () => ({ ...NAT, kind: 'chain', chain: 'NONE' }), code: 'MISSING' },
      {
        name: 'a rule of another chain',
        removal: (handle) => ({ ...NAT, kind: 'rule', chain: 'PORTS', handle }),
        code: 'MISSING',
      },
    ])('refuses to take $name, and then takes nothing', async ({ removal, code }) => {
      fixture.addChain('ip', 'nat', 'FREE');
      const { handle } = await ruleOf('OUTPUT');
      const before = await chains();
      const free = { ...NAT, kind: 'chain', chain: 'FREE' } as const;
      await expect(remove(free, removal(handle))).rejects.toMatchObject({ code });
      expect(await chains()).toEqual(before);
    });

    it('refuses to take a table that has a set', async () => {
      fixture.addChain('ip', 'filter', 'ONLY');
      fixture.addSet('ip', 'filter');
      const filter = { family: 'ip', table: 'filter' } as const;
      const all = [{ ...filter, kind: 'chain', chain: 'ONLY' } as const, { ...filter, kind: 'table' } as const];
      await expect(remove(...all)).rejects.toMatchObject({ code: 'REJECTED' });
    });

    it('does nothing once somebody has changed the packet filter since', async () => {
      const { generation } = await filterTables.list(['nat']);
      fixture.addChain('ip', 'nat', 'LATER');
      const before = await chains();
      const later = { ...NAT, kind: 'chain', chain: 'LATER' } as const;
      expect(await filterTables.remove([later], generation)).toBe(false);
      expect(await chains()).toEqual(before);
      expect(await remove(later)).toBe(true);
    });

    it('takes nothing when there is nothing to take', async () => {
      const { generation } = await filterTables.list(['nat']);
      expect(await filterTables.remove([], generation)).toBe(true);
      expect((await filterTables.list(['nat'])).generation).toBe(generation);
    });
  });
}
