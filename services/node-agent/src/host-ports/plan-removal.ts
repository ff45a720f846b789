import type { FilterChain, FilterFamily, FilterRemoval, FilterRule, FilterTable } from '@margay/ports';

/** portmap's own table, with its nftables backend. */
const PORTMAP_TABLE = 'cni_hostport';

/** Tables in which portmap makes chains, or has iptables make them. Old releases of iptables make one by reading it. */
export const HOST_PORT_TABLES: readonly string[] = ['nat', 'filter', PORTMAP_TABLE];

/** Chains in portmap's table that send packets on, and those with an entry for each port. */
const PORTMAP_PATHS = ['prerouting', 'output', 'hostports_all'];
const PORTMAP_ENTRIES = ['hostports', 'hostip_hostports', 'masquerading'];

/** With iptables: the chain whose rules lead to the ports of one container each. */
const PORTS_CHAIN = 'CNI-HOSTPORT-DNAT';
const MARK_CHAIN = 'CNI-HOSTPORT-SETMARK';
const MASQUERADE_CHAIN = 'CNI-HOSTPORT-MASQ';
/** The chains that portmap makes once, and what the rules do that it puts there: as iptables or as nft says it. */
const SHARED_CHAINS: Readonly<Record<string, readonly string[]>> = {
  [PORTS_CHAIN]: [],
  [MARK_CHAIN]: ['MARK', 'meta'],
  [MASQUERADE_CHAIN]: ['MASQUERADE', 'masq'],
};

export interface RemovalInput {
  /** Those of `HOST_PORT_TABLES`. */
  readonly tables: readonly FilterTable[];
  /** What was there before Margay, as `noteworthy` named it. */
  readonly before: ReadonlySet<string>;
  /** Name of Margay's CNI network: a port of it that is left is nobody's, since no pod of it is. */
  readonly network: string;
  /** The same for portmap's own table, which tells containers only. */
  readonly containers: ReadonlySet<string>;
}

/** Names of what portmap would make, and of what iptables would make for it, as far as it is there. */
export function noteworthy(tables: readonly FilterTable[]): string[] {
  return tables.flatMap((table) => [
    tableName(table),
    ...table.chains
      .filter((chain) => isBase(chain) || chain.name in SHARED_CHAINS)
      .map(({ name }) => chainName(table, name)),
  ]);
}

/**
 * What portmap left behind and nobody uses: its chains once no port is in
 * them, the rules that lead there, and what is empty then. What was there
 * before stays, and so does what has anything of somebody else. In the order
 * in which the kernel takes it.
 */
export function planRemoval(input: RemovalInput): FilterRemoval[] {
  return input.tables.flatMap((table) => {
    const plan = new TablePlan(table, input.before);
    if (table.name === PORTMAP_TABLE) planPortmapTable(plan, input);
    else planSharedTable(plan, input.network);
    return plan.removals();
  });
}

/** All or nothing: portmap makes this table whole. */
function planPortmapTable(plan: TablePlan, { containers }: RemovalInput): void {
  const { chains, otherObjects } = plan.table;
  const isOwn = ({ comment = '' }: FilterRule): boolean => containers.has(comment);
  for (const chain of chains.filter(({ name }) => PORTMAP_ENTRIES.includes(name)))
    plan.takeRules(chain.rules.filter(isOwn));
  const known = [...PORTMAP_PATHS, ...PORTMAP_ENTRIES];
  const isUnused = chains.every(({ name, rules }) => {
    if (PORTMAP_PATHS.includes(name)) return rules.every(({ leadsTo = '' }) => known.includes(leadsTo));
    return PORTMAP_ENTRIES.includes(name) && plan.rulesLeft(rules) === 0;
  });
  if (!isUnused || otherObjects > 0 || plan.wasThere()) return;
  for (const { name, rules } of chains) {
    plan.takeRules(rules);
    plan.takeChain(name);
  }
  plan.takeTableIfBare();
}

function planSharedTable(plan: TablePlan, network: string): void {
  takeOwnPorts(plan, network);
  takeSharedChain(plan, PORTS_CHAIN);
  takeSharedChain(plan, MARK_CHAIN);
  // Its rule is for the mark that the other chain sets.
  if (plan.isGone(MARK_CHAIN)) takeSharedChain(plan, MASQUERADE_CHAIN);
  plan.takeTableIfBare();
}

/** Ports of Margay's own pods, for which portmap was never called again. */
function takeOwnPorts(plan: TablePlan, network: string): void {
  // As portmap begins the comment of each.
  const mark = `dnat name: "${network}" id: `;
  const own = plan.rulesOf(PORTS_CHAIN).filter(({ comment = '' }) => comment.startsWith(mark));
  plan.takeRules(own);
  for (const { leadsTo = '' } of own) {
    if (plan.referencesLeft(leadsTo) > 0) continue;
    plan.takeRules(plan.rulesOf(leadsTo));
    plan.takeChain(leadsTo);
  }
}

function takeSharedChain(plan: TablePlan, name: string): void {
  const rules = plan.rulesOf(name);
  const isOnlyPortmaps = rules.every((rule) => SHARED_CHAINS[name]?.includes(rule.action) || plan.isTaken(rule));
  if (!plan.has(name) || plan.wasThere(name) || !isOnlyPortmaps) return;
  const entries = plan.table.chains.flatMap((chain) =>
    isBase(chain) ? chain.rules.filter(({ leadsTo }) => leadsTo === name).map((rule) => ({ chain, rule })) : [],
  );
  // Somebody else leads there too.
  if (plan.referencesLeft(name) > entries.length) return;
  plan.takeRules(entries.map(({ rule }) => rule));
  plan.takeRules(rules);
  plan.takeChain(name);
  for (const { chain } of entries) plan.takeIfEmpty(chain);
}

/** What is to be taken of one table, with what would be left. */
class TablePlan {
  readonly table: FilterTable;
  readonly #before: ReadonlySet<string>;
  readonly #rules = new Set<FilterRule>();
  readonly #chains = new Set<string>();
  #takesTable = false;

  constructor(table: FilterTable, before: ReadonlySet<string>) {
    this.table = table;
    this.#before = before;
  }

  has(chain: string): boolean {
    return this.table.chains.some(({ name }) => name === chain);
  }

  isGone(chain: string): boolean {
    return !this.has(chain) || this.#chains.has(chain);
  }

  /** Before Margay: the chain, or the table. */
  wasThere(chain?: string): boolean {
    return this.#before.has(chain === undefined ? tableName(this.table) : chainName(this.table, chain));
  }

  rulesOf(chain: string): readonly FilterRule[] {
    return this.table.chains.find(({ name }) => name === chain)?.rules ?? [];
  }

  isTaken(rule: FilterRule): boolean {
    return this.#rules.has(rule);
  }

  rulesLeft(rules: readonly FilterRule[]): number {
    return rules.filter((rule) => !this.#rules.has(rule)).length;
  }

  referencesLeft(chain: string): number {
    const references = this.table.chains.find(({ name }) => name === chain)?.references ?? 0;
    return references - [...this.#rules].filter(({ leadsTo }) => leadsTo === chain).length;
  }

  takeRules(rules: readonly FilterRule[]): void {
    for (const rule of rules) this.#rules.add(rule);
  }

  takeChain(chain: string): void {
    if (this.has(chain)) this.#chains.add(chain);
  }

  /** A base chain that lets everything pass, and was not there before. */
  takeIfEmpty({ name, policy, rules }: FilterChain): void {
    if (policy === 'accept' && this.rulesLeft(rules) === 0 && !this.wasThere(name)) this.#chains.add(name);
  }

  /** A table that was not there before, and of which no more than base chains is left that let everything pass. */
  takeTableIfBare(): void {
    const { chains, otherObjects } = this.table;
    const left = chains.filter(({ name }) => !this.#chains.has(name));
    const isBare = left.every(({ policy, rules }) => policy === 'accept' && this.rulesLeft(rules) === 0);
    if (!isBare || otherObjects > 0 || this.wasThere()) return;
    for (const { name } of left) this.#chains.add(name);
    this.#takesTable = true;
  }

  removals(): FilterRemoval[] {
    const { chains, family, name: table } = this.table;
    const at = { family, table };
    return [
      ...chains.flatMap(({ name: chain, rules }) =>
        rules
          .filter((rule) => this.#rules.has(rule))
          .map(({ handle }) => ({ ...at, kind: 'rule', chain, handle }) as const),
      ),
      ...[...this.#chains].map((chain) => ({ ...at, kind: 'chain', chain }) as const),
      ...(this.#takesTable ? [{ ...at, kind: 'table' } as const] : []),
    ];
  }
}

function isBase({ policy }: FilterChain): boolean {
  return policy !== undefined;
}

function tableName({ family, name }: { readonly family: FilterFamily; readonly name: string }): string {
  return `${family} ${name}`;
}

function chainName(table: FilterTable, chain: string): string {
  return `${tableName(table)} ${chain}`;
}
