import {
  type FilterFamily,
  type FilterListing,
  type FilterRemoval,
  type FilterTable,
  type FilterTables,
  KernelError,
} from '@margay/ports';
import { BodyWriter, NETLINK_PROTOCOL, type NetlinkRequest, NetlinkSocket, NLM_F } from '../netlink/index.ts';
import { CHAIN, FAMILY, MESSAGE, RULE, TABLE } from './constants.ts';
import type { NftablesOptions } from './index.ts';
import { familyHeader, messageType } from './messages.ts';
import { type ListedRule, readChain, readRule, readTable } from './read-tables.ts';
import { commitIfUnchanged, generation, list } from './transaction.ts';

const FAMILIES: readonly FilterFamily[] = ['ip', 'ip6'];

/** How often a list begins again because somebody changes the packet filter meanwhile. */
const LIST_ATTEMPTS = 20;

/** FilterTables by nf_tables. Tables of the older iptables ("legacy") are not among them. */
export class LinuxFilterTables implements FilterTables {
  readonly #options: NftablesOptions;

  constructor(options: NftablesOptions = {}) {
    this.#options = options;
  }

  async list(names: readonly string[]): Promise<FilterListing> {
    using socket = this.#open();
    for (let attempt = 0; attempt < LIST_ATTEMPTS; attempt++) {
      const before = generation(socket);
      const tables = FAMILIES.flatMap((family) => listFamily(socket, family, names));
      if (generation(socket) === before) return { tables, generation: before };
    }
    throw new KernelError('REJECTED', `list tables: they changed at every one of ${LIST_ATTEMPTS} attempts`);
  }

  async remove(removals: readonly FilterRemoval[], since: number): Promise<boolean> {
    using socket = this.#open();
    return commitIfUnchanged(socket, removals.map(encodeRemoval), since);
  }

  #open(): NetlinkSocket {
    const { namespace } = this.#options;
    return NetlinkSocket.open({
      protocol: NETLINK_PROTOCOL.netfilter,
      ...(namespace === undefined ? {} : { namespace }),
    });
  }
}

function listFamily(socket: NetlinkSocket, familyName: FilterFamily, names: readonly string[]): FilterTable[] {
  const family = FAMILY[familyName];
  const tables = list(socket, MESSAGE.getTable, 'list tables', { family })
    .map(({ body }) => readTable(body))
    .filter(({ name }) => names.includes(name));
  if (tables.length === 0) return [];
  const chains = list(socket, MESSAGE.getChain, 'list chains', { family }).map(({ body }) => readChain(body));
  return tables.map(({ name, uses }) => {
    const rules = listRules(socket, family, name);
    const own = chains.filter(({ table }) => table === name);
    return {
      family: familyName,
      name,
      chains: own.map(({ name: chain, policy, uses: chainUses }) => {
        const inside = rules.filter((rule) => rule.chain === chain).map(({ rule }) => rule);
        return { name: chain, ...(policy && { policy }), rules: inside, references: chainUses - inside.length };
      }),
      otherObjects: uses - own.length,
    };
  });
}

function listRules(socket: NetlinkSocket, family: number, table: string): ListedRule[] {
  return list(socket, MESSAGE.getRule, 'list rules', {
    family,
    write: (body) => body.attributeText(RULE.table, table),
  }).map(({ body }) => readRule(body));
}

function encodeRemoval(removal: FilterRemoval): NetlinkRequest {
  const { family, table } = removal;
  const body = familyHeader(new BodyWriter(), FAMILY[family]);
  switch (removal.kind) {
    case 'rule':
      body.attributeText(RULE.table, table).attributeText(RULE.chain, removal.chain);
      body.attribute(RULE.handle, u64Be(removal.handle));
      return request(MESSAGE.delRule, body, `delete a rule of chain ${removal.chain} of table ${family} ${table}`);
    case 'chain':
      body.attributeText(CHAIN.table, table).attributeText(CHAIN.name, removal.chain);
      return request(MESSAGE.delChain, body, `delete chain ${removal.chain} of table ${family} ${table}`);
    case 'table':
      body.attributeText(TABLE.name, table);
      return request(MESSAGE.delTable, body, `delete table ${family} ${table}`);
  }
}

function request(kind: number, body: BodyWriter, operation: string): NetlinkRequest {
  return { type: messageType(kind), flags: NLM_F.nonRecursive, body: body.finish(), operation: () => operation };
}

function u64Be(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}
