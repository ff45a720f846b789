import { createHash } from 'node:crypto';
import { TABLE_NAME } from '@margay/firewall-core';
import { decodeAttributes, type NetlinkSocket, textOf } from '../netlink/index.ts';
import { CHAIN, ELEMENTS, MESSAGE, RULE, SET } from './constants.ts';
import { list } from './transaction.ts';

/** Family, version and, in the resource id, the generation, which every change raises. */
const HEADER_BYTES = 4;

/**
 * A hash over everything in Margay's table as the kernel lists it, empty when
 * there is no table. The rules carry no counters, so it changes only when the
 * table does. Order within a set is the kernel's own, so elements are sorted.
 */
export function fingerprint(socket: NetlinkSocket): string {
  const hash = createHash('sha256');
  const chains = ours(list(socket, MESSAGE.getChain, 'list chains'), CHAIN.table);
  const sets = ours(list(socket, MESSAGE.getSet, 'list sets'), SET.table);
  if (chains.length === 0 && sets.length === 0) return '';
  for (const body of chains) hash.update(body);
  for (const body of ours(list(socket, MESSAGE.getRule, 'list rules'), RULE.table)) hash.update(body);
  for (const body of sets) {
    hash.update(body);
    const name = decodeAttributes(body).get(SET.name);
    if (name) hash.update(elementsOf(socket, textOf(name)));
  }
  return hash.digest('hex');
}

/** Whether Margay's table has this chain now. */
export function hasChain(socket: NetlinkSocket, name: string): boolean {
  return ours(list(socket, MESSAGE.getChain, 'list chains'), CHAIN.table).some((body) => {
    const found = decodeAttributes(body).get(CHAIN.name);
    return found !== undefined && textOf(found) === name;
  });
}

function ours(messages: readonly { body: Buffer }[], tableAttribute: number): Buffer[] {
  return messages
    .map(({ body }) => body.subarray(HEADER_BYTES))
    .filter((body) => {
      const table = decodeAttributes(body).get(tableAttribute);
      return table !== undefined && textOf(table) === TABLE_NAME;
    });
}

function elementsOf(socket: NetlinkSocket, set: string): string {
  const messages = list(socket, MESSAGE.getElement, `list the elements of ${set}`, {
    write: (body) => body.attributeText(ELEMENTS.table, TABLE_NAME).attributeText(ELEMENTS.set, set),
  });
  const elements: string[] = [];
  for (const { body } of messages) {
    const packed = decodeAttributes(body, HEADER_BYTES).get(ELEMENTS.elements);
    if (packed) for (const element of eachElement(packed)) elements.push(element);
  }
  return elements.sort().join('\n');
}

function* eachElement(packed: Buffer): Generator<string> {
  for (let at = 0; at + 4 <= packed.length; ) {
    const length = packed.readUInt16LE(at);
    if (length < 4) return;
    yield packed.toString('latin1', at + 4, at + length);
    at += (length + 3) & ~3;
  }
}
