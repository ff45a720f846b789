import { execFileSync } from 'node:child_process';
import { describeFilterTables, type FilterTablesFixture, requireOwnNamespaces } from '@margay/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { LinuxFilterTables } from './index.ts';

requireOwnNamespaces();

function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

const nft = (...args: string[]): string => run('nft', ...args);

describeFilterTables('Linux', async (): Promise<FilterTablesFixture> => {
  return {
    filterTables: new LinuxFilterTables(),
    addChain: (family, table, chain, policy) => {
      nft('add', 'table', family, table);
      const base = ['{', 'type', 'filter', 'hook', 'input', 'priority', '0', ';', 'policy', `${policy}`, ';', '}'];
      nft('add', 'chain', family, table, chain, ...(policy === undefined ? [] : base));
    },
    addRule: (family, table, chain, { action, leadsTo, comment }) => {
      const words = [action, ...(leadsTo === undefined ? [] : [leadsTo])];
      const said = comment === undefined ? [] : ['comment', JSON.stringify(comment)];
      nft('add', 'rule', family, table, chain, 'counter', ...words, ...said);
    },
    addSet: (family, table) => void nft('add', 'set', family, table, 'ports', '{ type inet_service; }'),
    dispose: () => void nft('flush', 'ruleset'),
  };
});

describe('LinuxFilterTables', () => {
  afterEach(() => void nft('flush', 'ruleset'));

  it('reads the matches, targets and comments of iptables', async () => {
    const iptables = (...args: string[]): string => run('iptables-nft', '-t', 'nat', ...args);
    iptables('-N', 'MASQ');
    iptables('-A', 'MASQ', '-m', 'mark', '--mark', '0x2000/0x2000', '-j', 'MASQUERADE');
    iptables('-A', 'POSTROUTING', '-m', 'comment', '--comment', 'a "word"', '-j', 'MASQ');
    iptables('-N', 'MORE');
    iptables('-A', 'PREROUTING', '-m', 'addrtype', '--dst-type', 'LOCAL', '-g', 'MORE');
    const { tables } = await new LinuxFilterTables().list(['nat']);
    const rules = Object.fromEntries(
      tables.flatMap(({ chains }) => chains).map(({ name, rules: [first] }) => [name, first]),
    );
    expect(rules).toMatchObject({
      MASQ: { action: expect.stringMatching(/^(MASQUERADE|masq)$/) },
      POSTROUTING: { action: 'jump', leadsTo: 'MASQ', comment: 'a "word"' },
      PREROUTING: { action: 'goto', leadsTo: 'MORE' },
    });
  });

  it('counts the elements of maps that lead to a chain', async () => {
    nft('add', 'table', 'ip', 'nat');
    nft('add', 'chain', 'ip', 'nat', 'target');
    nft('add', 'map', 'ip', 'nat', 'ports', '{ type inet_service : verdict; }');
    nft('add', 'element', 'ip', 'nat', 'ports', '{ 80 : jump target }');
    const { tables } = await new LinuxFilterTables().list(['nat']);
    expect(tables[0]?.chains).toEqual([{ name: 'target', rules: [], references: 1 }]);
  });
});
