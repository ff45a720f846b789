import type { FilterChain, FilterRule } from '@margay/ports';
import { decodeAttributes, eachAttribute, textOf } from '../netlink/index.ts';
import * as nft from './constants.ts';

// What the kernel lists of tables that others write, pure: expressions are not
// understood, only what a rule does last and where it leads. iptables' matches
// and targets are expressions by the names `match` and `target`.

/** Family, version and resource id, before the attributes. */
const HEADER_BYTES = 4;

/** Of libnftnl's user data: a rule's comment. The value ends with a zero byte. */
const UDATA_HEADER_BYTES = 2;

export interface ListedTable {
  readonly name: string;
  /** How many chains, sets and other objects it has. */
  readonly uses: number;
}

export interface ListedChain extends Pick<FilterChain, 'name' | 'policy'> {
  readonly table: string;
  /** Its rules, and whatever leads to it. */
  readonly uses: number;
}

export interface ListedRule {
  readonly chain: string;
  readonly rule: FilterRule;
}

export function readTable(body: Buffer): ListedTable {
  const attributes = decodeAttributes(body, HEADER_BYTES);
  return { name: text(attributes.get(nft.TABLE.name)), uses: attributes.get(nft.TABLE.use)?.readUInt32BE(0) ?? 0 };
}

export function readChain(body: Buffer): ListedChain {
  const attributes = decodeAttributes(body, HEADER_BYTES);
  const policy = attributes.has(nft.CHAIN.hook) ? attributes.get(nft.CHAIN.policy)?.readUInt32BE(0) : undefined;
  return {
    table: text(attributes.get(nft.CHAIN.table)),
    name: text(attributes.get(nft.CHAIN.name)),
    uses: attributes.get(nft.CHAIN.use)?.readUInt32BE(0) ?? 0,
    ...(policy !== undefined && { policy: policy === nft.VERDICT_CODE.accept ? 'accept' : 'drop' }),
  };
}

export function readRule(body: Buffer): ListedRule {
  const attributes = decodeAttributes(body, HEADER_BYTES);
  const expressions = [...eachAttribute(attributes.get(nft.RULE.expressions) ?? Buffer.alloc(0))].map(({ value }) =>
    readExpression(value),
  );
  const comment =
    commentInUserData(attributes.get(nft.RULE.userdata)) ??
    expressions.find(({ comment: said }) => said !== undefined)?.comment;
  const { action = '', leadsTo } = expressions.at(-1) ?? {};
  return {
    chain: text(attributes.get(nft.RULE.chain)),
    rule: {
      handle: attributes.get(nft.RULE.handle)?.readBigUInt64BE(0) ?? 0n,
      action,
      ...(leadsTo !== undefined && { leadsTo }),
      ...(comment !== undefined && { comment }),
    },
  };
}

type Expression = Pick<FilterRule, 'action' | 'leadsTo' | 'comment'>;

function readExpression(packed: Buffer): Expression {
  const attributes = decodeAttributes(packed);
  const name = text(attributes.get(nft.EXPRESSION.name));
  const data = attributes.get(nft.EXPRESSION.data) ?? Buffer.alloc(0);
  switch (name) {
    case 'immediate':
      return readVerdict(data) ?? { action: name };
    case 'target':
      return { action: text(decodeAttributes(data).get(nft.XT.name)) };
    case 'match': {
      const match = decodeAttributes(data);
      const isComment = text(match.get(nft.XT.name)) === 'comment';
      return { action: name, ...(isComment && { comment: text(match.get(nft.XT.info)) }) };
    }
    default:
      return { action: name };
  }
}

const ACTIONS = new Map<number, string>(Object.entries(nft.VERDICT_CODE).map(([name, code]) => [code, name]));

/** Undefined when it is a value that the statement loads. */
function readVerdict(immediate: Buffer): Expression | undefined {
  const data = decodeAttributes(immediate).get(nft.IMMEDIATE.data);
  const verdict = data && decodeAttributes(data).get(nft.DATA.verdict);
  if (!verdict) return undefined;
  const attributes = decodeAttributes(verdict);
  const action = ACTIONS.get(attributes.get(nft.VERDICT.code)?.readInt32BE(0) ?? 0) ?? 'immediate';
  const chain = attributes.get(nft.VERDICT.chain);
  return { action, ...(chain && { leadsTo: textOf(chain) }) };
}

/** As libnftnl lays user data out: type, length, value, one after the other. */
function commentInUserData(bytes: Buffer | undefined): string | undefined {
  for (let at = 0; bytes && at + UDATA_HEADER_BYTES <= bytes.length; ) {
    const end = at + UDATA_HEADER_BYTES + bytes.readUInt8(at + 1);
    if (bytes.readUInt8(at) === nft.RULE_COMMENT) return textOf(bytes.subarray(at + UDATA_HEADER_BYTES, end));
    at = end;
  }
  return undefined;
}

function text(bytes: Buffer | undefined): string {
  return bytes ? textOf(bytes) : '';
}
