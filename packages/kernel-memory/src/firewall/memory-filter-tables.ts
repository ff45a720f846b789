import {
  type FilterFamily,
  type FilterListing,
  type FilterRemoval,
  type FilterTable,
  type FilterTables,
  KernelError,
} from '@margay/ports';

/** A rule as somebody writes it. */
export interface MemoryFilterRule {
  readonly action: string;
  readonly leadsTo?: string;
  readonly comment?: string;
}

interface Rule extends MemoryFilterRule {
  readonly handle: bigint;
}

interface Chain {
  readonly policy: 'accept' | 'drop' | undefined;
  rules: Rule[];
}

interface Table {
  readonly family: FilterFamily;
  readonly name: string;
  readonly chains: Map<string, Chain>;
  otherObjects: number;
}

/** FilterTables in memory, with what others do to them. */
export class MemoryFilterTables implements FilterTables {
  #tables: Table[] = [];
  #generation = 1;
  #handle = 0n;
  #failure: KernelError | undefined;

  /** The next `list` throws this. */
  failNext(failure: KernelError): void {
    this.#failure = failure;
  }

  /** Somebody makes a chain, with its table; a base chain when there is a policy. */
  addChain(family: FilterFamily, table: string, chain: string, policy?: 'accept' | 'drop'): void {
    const found = this.#tables.find((each) => each.family === family && each.name === table);
    const { chains } = found ?? { chains: new Map<string, Chain>() };
    if (!found) this.#tables.push({ family, name: table, chains, otherObjects: 0 });
    chains.set(chain, chains.get(chain) ?? { policy, rules: [] });
    this.#generation++;
  }

  /** Somebody adds a rule to the end of a chain that is there. */
  addRule(family: FilterFamily, table: string, chain: string, rule: MemoryFilterRule): void {
    const { chains } = this.#table(this.#tables, family, table);
    if (rule.leadsTo !== undefined) this.#chain(chains, rule.leadsTo);
    this.#chain(chains, chain).rules.push({ ...rule, handle: ++this.#handle });
    this.#generation++;
  }

  /** Somebody adds a set. */
  addSet(family: FilterFamily, table: string): void {
    this.#table(this.#tables, family, table).otherObjects++;
    this.#generation++;
  }

  async list(names: readonly string[]): Promise<FilterListing> {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure;
    const tables = this.#tables.filter(({ name }) => names.includes(name)).map(toFilterTable);
    return { tables, generation: this.#generation };
  }

  async remove(removals: readonly FilterRemoval[], generation: number): Promise<boolean> {
    if (removals.length === 0) return true;
    if (generation !== this.#generation) return false;
    const tables = this.#tables.map((table) => ({
      ...table,
      chains: new Map([...table.chains].map(([name, chain]) => [name, { ...chain }])),
    }));
    const after = removals.reduce((rest, removal) => this.#without(rest, removal), tables);
    this.#tables = after;
    this.#generation++;
    return true;
  }

  #without(tables: Table[], removal: FilterRemoval): Table[] {
    const { family, table: name } = removal;
    const table = this.#table(tables, family, name);
    switch (removal.kind) {
      case 'rule': {
        const chain = this.#chain(table.chains, removal.chain);
        const rules = chain.rules.filter(({ handle }) => handle !== removal.handle);
        if (rules.length === chain.rules.length) throw new KernelError('MISSING', `no rule ${removal.handle}`);
        chain.rules = rules;
        return tables;
      }
      case 'chain': {
        const chain = this.#chain(table.chains, removal.chain);
        if (chain.rules.length > 0 || referencesTo(table, removal.chain) > 0) {
          throw new KernelError('REJECTED', `chain ${removal.chain} is in use`);
        }
        table.chains.delete(removal.chain);
        return tables;
      }
      case 'table':
        if (table.chains.size > 0 || table.otherObjects > 0) {
          throw new KernelError('REJECTED', `table ${family} ${name} is not empty`);
        }
        return tables.filter((each) => each !== table);
    }
  }

  #table(tables: readonly Table[], family: FilterFamily, name: string): Table {
    const found = tables.find((table) => table.family === family && table.name === name);
    if (!found) throw new KernelError('MISSING', `no table ${family} ${name}`);
    return found;
  }

  #chain(chains: ReadonlyMap<string, Chain>, name: string): Chain {
    const found = chains.get(name);
    if (!found) throw new KernelError('MISSING', `no chain ${name}`);
    return found;
  }
}

function toFilterTable(table: Table): FilterTable {
  const { family, name, chains, otherObjects } = table;
  return {
    family,
    name,
    chains: [...chains].map(([chain, { policy, rules }]) => ({
      name: chain,
      ...(policy && { policy }),
      rules: [...rules],
      references: referencesTo(table, chain),
    })),
    otherObjects,
  };
}

function referencesTo({ chains }: Table, name: string): number {
  return [...chains.values()].flatMap(({ rules }) => rules).filter(({ leadsTo }) => leadsTo === name).length;
}
