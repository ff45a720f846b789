import type { ConnectionState, Match, Rule, Verdict } from '@margay/firewall-core';
import type { BodyWriter } from '../netlink/index.ts';
import * as nft from './constants.ts';

/** Writes the expressions of a rule, in the order the kernel runs them. */
export function writeRule(body: BodyWriter, rule: Rule): void {
  body.nested(nft.RULE.expressions, () => {
    for (const match of rule.matches) writeMatch(body, match);
    writeVerdictStatement(body, rule.verdict);
  });
  if (rule.comment !== undefined) body.attribute(nft.RULE.userdata, commentData(rule.comment));
}

/** The value of a map's element. */
export function writeVerdictData(body: BodyWriter, attribute: number, verdict: Verdict): void {
  body.nested(attribute, () =>
    body.nested(nft.DATA.verdict, () => {
      if (verdict.kind === 'jump') {
        body.attributeU32Be(nft.VERDICT.code, nft.VERDICT_CODE.jump);
        body.attributeText(nft.VERDICT.chain, verdict.chain);
      } else {
        body.attributeU32Be(
          nft.VERDICT.code,
          verdict.kind === 'accept' ? nft.VERDICT_CODE.accept : nft.VERDICT_CODE.drop,
        );
      }
    }),
  );
}

/** A device name as a key: 16 bytes, zero filled. */
export function deviceKey(name: string): Buffer {
  const key = Buffer.alloc(nft.DEVICE_BYTES);
  key.write(name, 'utf8');
  return key;
}

function writeMatch(body: BodyWriter, match: Match): void {
  const first = nft.REGISTER.first;
  switch (match.kind) {
    case 'device-prefix':
      writeMeta(body, match.direction === 'in' ? nft.META_KEY.inputDevice : nft.META_KEY.outputDevice);
      writeCompare(body, Buffer.from(match.prefix));
      break;
    case 'connection':
      writeConnection(body, match.states);
      break;
    case 'ipv4':
      writeMeta(body, nft.META_KEY.family);
      writeCompare(body, Buffer.from([nft.AF_INET]));
      break;
    case 'not-ipv4':
      writeMeta(body, nft.META_KEY.family);
      writeCompare(body, Buffer.from([nft.AF_INET]), nft.CMP_OPERATOR.notEqual);
      break;
    case 'protocol':
      writeMeta(body, nft.META_KEY.protocol);
      writeCompare(body, Buffer.from([match.number]));
      break;
    case 'destination-port': {
      writePayload(body, { base: nft.PAYLOAD_BASE.transport, offset: 2, length: 2 });
      const port = Buffer.alloc(2);
      port.writeUInt16BE(match.port);
      writeCompare(body, port);
      break;
    }
    case 'address':
      writePayload(body, ADDRESS_FIELD[match.side]);
      writeLookup(body, match.set, { inverted: match.inverted === true });
      break;
    case 'device-source':
      writeMeta(body, nft.META_KEY.inputDevice, first);
      writePayload(body, ADDRESS_FIELD.source, nft.REGISTER.second);
      writeLookup(body, match.set, { inverted: false });
      break;
  }
}

/** Where an IPv4 header has its addresses. Source: RFC 791 §3.1. */
const ADDRESS_FIELD = {
  source: { base: nft.PAYLOAD_BASE.network, offset: 12, length: nft.IPV4_BYTES },
  destination: { base: nft.PAYLOAD_BASE.network, offset: 16, length: nft.IPV4_BYTES },
};

function writeVerdictStatement(body: BodyWriter, verdict: Verdict): void {
  switch (verdict.kind) {
    case 'masquerade':
      writeExpression(body, 'masq', () => {});
      break;
    case 'by-device':
      writeMeta(body, verdict.direction === 'in' ? nft.META_KEY.inputDevice : nft.META_KEY.outputDevice);
      writeExpression(body, 'lookup', () => {
        body.attributeText(nft.LOOKUP.set, verdict.map);
        body.attributeU32Be(nft.LOOKUP.sreg, nft.REGISTER.first);
        body.attributeU32Be(nft.LOOKUP.dreg, nft.REGISTER.verdict);
      });
      break;
    default:
      writeExpression(body, 'immediate', () => {
        body.attributeU32Be(nft.IMMEDIATE.dreg, nft.REGISTER.verdict);
        writeVerdictData(body, nft.IMMEDIATE.data, verdict);
      });
      break;
  }
}

function writeConnection(body: BodyWriter, states: readonly ConnectionState[]): void {
  writeExpression(body, 'ct', () => {
    body.attributeU32Be(nft.CT.dreg, nft.REGISTER.first);
    body.attributeU32Be(nft.CT.key, nft.CT_KEY_STATE);
  });
  const mask = Buffer.alloc(4);
  mask.writeUInt32LE(states.reduce((bits, state) => bits | nft.CONNECTION_STATE_BIT[state], 0));
  writeExpression(body, 'bitwise', () => {
    body.attributeU32Be(nft.BITWISE.sreg, nft.REGISTER.first);
    body.attributeU32Be(nft.BITWISE.dreg, nft.REGISTER.first);
    body.attributeU32Be(nft.BITWISE.length, mask.length);
    writeValue(body, nft.BITWISE.mask, mask);
    writeValue(body, nft.BITWISE.xor, Buffer.alloc(4));
  });
  writeCompare(body, Buffer.alloc(4), nft.CMP_OPERATOR.notEqual);
}

function writeMeta(body: BodyWriter, key: number, register: number = nft.REGISTER.first): void {
  writeExpression(body, 'meta', () => {
    body.attributeU32Be(nft.META.key, key);
    body.attributeU32Be(nft.META.dreg, register);
  });
}

function writePayload(
  body: BodyWriter,
  field: { base: number; offset: number; length: number },
  register: number = nft.REGISTER.first,
): void {
  writeExpression(body, 'payload', () => {
    body.attributeU32Be(nft.PAYLOAD.dreg, register);
    body.attributeU32Be(nft.PAYLOAD.base, field.base);
    body.attributeU32Be(nft.PAYLOAD.offset, field.offset);
    body.attributeU32Be(nft.PAYLOAD.length, field.length);
  });
}

function writeCompare(body: BodyWriter, value: Buffer, operator: number = nft.CMP_OPERATOR.equal): void {
  writeExpression(body, 'cmp', () => {
    body.attributeU32Be(nft.CMP.sreg, nft.REGISTER.first);
    body.attributeU32Be(nft.CMP.operator, operator);
    writeValue(body, nft.CMP.data, value);
  });
}

function writeLookup(body: BodyWriter, set: string, { inverted }: { readonly inverted: boolean }): void {
  writeExpression(body, 'lookup', () => {
    body.attributeText(nft.LOOKUP.set, set);
    body.attributeU32Be(nft.LOOKUP.sreg, nft.REGISTER.first);
    if (inverted) body.attributeU32Be(nft.LOOKUP.flags, nft.LOOKUP_FLAG_INVERTED);
  });
}

function writeExpression(body: BodyWriter, name: string, write: () => void): void {
  body.nested(nft.LIST_ELEMENT, () => {
    body.attributeText(nft.EXPRESSION.name, name);
    body.nested(nft.EXPRESSION.data, write);
  });
}

function writeValue(body: BodyWriter, attribute: number, value: Buffer): void {
  body.nested(attribute, () => body.attribute(nft.DATA.value, value));
}

/** Type, length, and text with its final zero, as libnftnl lays user data out; the length is one byte. */
function commentData(comment: string): Buffer {
  const text = Buffer.from(`${comment.slice(0, 120)}\0`);
  return Buffer.concat([Buffer.from([nft.RULE_COMMENT, text.length]), text]);
}
