import {
  type ElementsOperation,
  type KernelSet,
  type Operation,
  TABLE_NAME,
  type Verdict,
} from '@margay/firewall-core';
import { addressBytes, addressFromValue, addressValue, type IpAddress, parseAddress } from '@margay/ip';
import { BodyWriter, type NetlinkRequest, NLM_F } from '../netlink/index.ts';
import * as nft from './constants.ts';
import { deviceKey, writeRule, writeVerdictData } from './expressions.ts';

/** A nested attribute is at most 64 KiB, so long element lists are cut; an element takes up to 200 bytes. */
const ELEMENTS_PER_MESSAGE = 256;

/** The messages of one operation, for the table `inet margay`. */
export function encodeOperation(operation: Operation): NetlinkRequest[] {
  switch (operation.kind) {
    case 'add-table':
      return [
        message(nft.MESSAGE.newTable, NLM_F.create, 'add the table', (body) =>
          body.attributeText(nft.TABLE.name, TABLE_NAME),
        ),
      ];
    case 'delete-table':
      return [
        message(nft.MESSAGE.delTable, 0, 'delete the table', (body) => body.attributeText(nft.TABLE.name, TABLE_NAME)),
      ];
    case 'add-set':
      return [addSet(operation.set, operation.type)];
    case 'delete-set':
      return [
        message(nft.MESSAGE.delSet, 0, `delete set ${operation.set}`, (body) => {
          body.attributeText(nft.SET.table, TABLE_NAME).attributeText(nft.SET.name, operation.set);
        }),
      ];
    case 'add-chain':
      return [addChain(operation)];
    case 'flush-chain':
      return [
        message(nft.MESSAGE.delRule, 0, `empty chain ${operation.chain}`, (body) => {
          body.attributeText(nft.RULE.table, TABLE_NAME).attributeText(nft.RULE.chain, operation.chain);
        }),
      ];
    case 'delete-chain':
      return [
        message(nft.MESSAGE.delChain, 0, `delete chain ${operation.chain}`, (body) => {
          body.attributeText(nft.CHAIN.table, TABLE_NAME).attributeText(nft.CHAIN.name, operation.chain);
        }),
      ];
    case 'add-rules':
      return operation.rules.map((rule) =>
        message(nft.MESSAGE.newRule, NLM_F.create | NLM_F.append, `add a rule to chain ${operation.chain}`, (body) => {
          body.attributeText(nft.RULE.table, TABLE_NAME).attributeText(nft.RULE.chain, operation.chain);
          writeRule(body, rule);
        }),
      );
    case 'add-elements':
    case 'delete-elements':
      return elements(operation);
  }
}

/** The body of every nf_tables message: family, version, resource id (network order). */
export function familyHeader(body: BodyWriter, family: number, resource = 0): BodyWriter {
  return body
    .u8(family)
    .u8(0)
    .u8(resource >> 8)
    .u8(resource & 0xff);
}

export function messageType(kind: number): number {
  return (nft.NFNL_SUBSYS_NFTABLES << 8) | kind;
}

function message(kind: number, flags: number, operation: string, write: (body: BodyWriter) => void): NetlinkRequest {
  const body = familyHeader(new BodyWriter(256), nft.FAMILY.inet);
  write(body);
  return { type: messageType(kind), flags, body: body.finish(), operation: () => operation };
}

function addSet(name: string, type: KernelSet['type']): NetlinkRequest {
  return message(nft.MESSAGE.newSet, NLM_F.create, `add set ${name}`, (body) => {
    const { keyType, keyBytes, keyOrder, flags } = SET_FORM[type];
    body.attributeText(nft.SET.table, TABLE_NAME).attributeText(nft.SET.name, name);
    body.attributeU32Be(nft.SET.flags, flags);
    body.attributeU32Be(nft.SET.keyType, keyType);
    body.attributeU32Be(nft.SET.keyLength, keyBytes);
    // The kernel wants an id that is unique in the transaction, though sets are referred to by name.
    body.attributeU32Be(nft.SET.id, nextSetId());
    body.attribute(nft.SET.userdata, keyByteOrder(keyOrder));
    if (type === 'device-verdicts') {
      body.attributeU32Be(nft.SET.dataType, nft.DATA_TYPE_VERDICT);
      body.attributeU32Be(nft.SET.dataLength, 0);
    }
    if (type === 'device-addresses') {
      body.nested(nft.SET.description, () =>
        body.nested(nft.SET_DESCRIPTION.concat, () => {
          for (const length of [nft.DEVICE_BYTES, nft.IPV4_BYTES]) {
            body.nested(nft.LIST_ELEMENT, () => body.attributeU32Be(nft.SET_FIELD.length, length));
          }
        }),
      );
    }
  });
}

interface SetForm {
  readonly keyType: number;
  readonly keyBytes: number;
  /** For `nft list` only: the kernel compares bytes. */
  readonly keyOrder: number;
  readonly flags: number;
}

const SET_FORM: Record<KernelSet['type'], SetForm> = {
  addresses: { keyType: nft.KEY_TYPE.ipv4, keyBytes: nft.IPV4_BYTES, keyOrder: nft.BYTE_ORDER.network, flags: 0 },
  ranges: {
    keyType: nft.KEY_TYPE.ipv4,
    keyBytes: nft.IPV4_BYTES,
    keyOrder: nft.BYTE_ORDER.network,
    flags: nft.SET_FLAG.interval,
  },
  'device-addresses': {
    keyType: (nft.KEY_TYPE.device << nft.KEY_TYPE_BITS) | nft.KEY_TYPE.ipv4,
    keyBytes: nft.DEVICE_BYTES + nft.IPV4_BYTES,
    keyOrder: nft.BYTE_ORDER.host,
    flags: nft.SET_FLAG.concat,
  },
  'device-verdicts': {
    keyType: nft.KEY_TYPE.device,
    keyBytes: nft.DEVICE_BYTES,
    keyOrder: nft.BYTE_ORDER.host,
    flags: nft.SET_FLAG.map,
  },
};

/** As libnftnl lays user data out: type, length, value. */
function keyByteOrder(order: number): Buffer {
  const data = Buffer.alloc(6);
  data.writeUInt8(nft.SET_KEY_BYTE_ORDER, 0);
  data.writeUInt8(4, 1);
  data.writeUInt32LE(order, 2);
  return data;
}

let setId = 0;

function nextSetId(): number {
  setId = (setId + 1) & 0x7fffffff;
  return setId;
}

function addChain({ chain, definition }: Extract<Operation, { kind: 'add-chain' }>): NetlinkRequest {
  return message(nft.MESSAGE.newChain, NLM_F.create, `add chain ${chain}`, (body) => {
    body.attributeText(nft.CHAIN.table, TABLE_NAME).attributeText(nft.CHAIN.name, chain);
    const { base } = definition;
    if (!base) return;
    body.nested(nft.CHAIN.hook, () => {
      body.attributeU32Be(nft.HOOK.number, nft.HOOK_NUMBER[base.hook]);
      body.attributeU32Be(nft.HOOK.priority, base.priority);
    });
    body.attributeU32Be(nft.CHAIN.policy, nft.VERDICT_CODE.accept);
    body.attributeText(nft.CHAIN.type, base.type);
  });
}

function elements({ kind, set, type, elements: wanted }: ElementsOperation): NetlinkRequest[] {
  const add = kind === 'add-elements';
  const all = [...wanted];
  const messages: NetlinkRequest[] = [];
  for (let at = 0; at < all.length; at += ELEMENTS_PER_MESSAGE) {
    const part = all.slice(at, at + ELEMENTS_PER_MESSAGE);
    messages.push(
      message(
        add ? nft.MESSAGE.newElement : nft.MESSAGE.delElement,
        add ? NLM_F.create : 0,
        `${add ? 'add to' : 'remove from'} set ${set}: ${part.length === 1 ? part[0]?.[0] : `${part.length} elements`}`,
        (body) => {
          body.attributeText(nft.ELEMENTS.table, TABLE_NAME).attributeText(nft.ELEMENTS.set, set);
          body.nested(nft.ELEMENTS.elements, () => {
            for (const [element, verdict] of part) writeElement(body, type, element, verdict);
          });
        },
      ),
    );
  }
  return messages;
}

function writeElement(body: BodyWriter, type: KernelSet['type'], element: string, verdict: Verdict | undefined): void {
  switch (type) {
    case 'addresses':
      writeKey(body, addressBytes(element as IpAddress));
      break;
    case 'ranges': {
      const [first, last] = element.split('-') as [string, string];
      writeKey(body, addressBytes(parseAddress(first)));
      const end = addressValue(parseAddress(last)) + 1n;
      // A range up to the last address has no end element: there is no address after it.
      if (end < 1n << 32n)
        writeKey(body, addressBytes(addressFromValue(4, end)), { flags: nft.ELEMENT_FLAG_INTERVAL_END });
      break;
    }
    case 'device-addresses': {
      const [device, address] = element.split(' ') as [string, string];
      writeKey(body, Buffer.concat([deviceKey(device), addressBytes(parseAddress(address))]));
      break;
    }
    case 'device-verdicts':
      writeKey(body, deviceKey(element), verdict ? { verdict } : {});
      break;
  }
}

function writeKey(
  body: BodyWriter,
  key: Uint8Array,
  { flags, verdict }: { flags?: number; verdict?: Verdict } = {},
): void {
  body.nested(nft.LIST_ELEMENT, () => {
    body.nested(nft.ELEMENT.key, () => body.attribute(nft.DATA.value, key));
    if (flags !== undefined) body.attributeU32Be(nft.ELEMENT.flags, flags);
    if (verdict) writeVerdictData(body, nft.ELEMENT.data, verdict);
  });
}
