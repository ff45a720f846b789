import { hostCidr, parseAddress, parseCidr, parseInterfaceAddress } from '@margay/ip';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addAddressRequest,
  addNeighbourRequest,
  changeLinkRequest,
  createVethRequest,
  decodeLink,
  decodeRoute,
  deleteRouteRequest,
  RTN,
  replaceRouteRequest,
} from '../rtnetlink/index.ts';
import { sysctlPath } from '../sysctls/index.ts';
import { NLMSG } from './constants.ts';
import { decodeAck, decodeAttributes, decodeMessages, eachAttribute } from './reader.ts';
import { BodyWriter, encodeRequests, type NetlinkRequest } from './writer.ts';

/** The message as hexadecimal bytes, in rows of four. */
function bytes(request: NetlinkRequest): string[] {
  return rows(encodeRequests([request], 0x01020304, 0x5));
}

function rows(buffer: Buffer): string[] {
  return buffer.toString('hex').match(/.{1,8}/g) ?? [];
}

const HEADER_BYTES = 16;

describe('the encoder', () => {
  // Field by field as rtnetlink(7) and the kernel's headers have them; the root tests compare effects with iproute2.
  it('writes a route through a gateway', () => {
    const route = replaceRouteRequest({
      destination: parseCidr('10.8.1.0/24'),
      linkIndex: 2,
      gateway: parseAddress('192.0.2.1'),
      onLink: true,
      mtuBytes: 1480,
      type: RTN.unicast,
      protocol: 77,
    });
    expect(bytes(route)).toEqual([
      ...['40000000', '18000505', '04030201', '00000000'],
      ...['02180000', 'fe4d0001', '04000000'],
      ...['08000100', '0a080100'],
      ...['08000400', '02000000'],
      ...['08000500', 'c0000201'],
      ...['0c000880', '08000200', 'c8050000'],
    ]);
  });

  it('writes a device route with link scope, and a default route without destination', () => {
    const route = { linkIndex: 3, type: RTN.unicast, protocol: 77 };
    expect(bytes(replaceRouteRequest({ ...route, destination: parseCidr('10.8.0.5/32') })).slice(4, 7)).toEqual([
      '02200000',
      'fe4dfd01',
      '00000000',
    ]);
    const standard = { ...route, destination: parseCidr('0.0.0.0/0'), gateway: parseAddress('169.254.1.1') };
    expect(bytes(replaceRouteRequest(standard)).slice(4)).toEqual([
      ...['02000000', 'fe4d0001', '00000000'],
      ...['08000400', '03000000'],
      ...['08000500', 'a9fe0101'],
    ]);
  });

  it('deletes a route by destination and protocol, whatever its scope and type', () => {
    expect(bytes(deleteRouteRequest(parseCidr('2001:db8::/64'), 77))).toEqual([
      ...['30000000', '19000500', '04030201', '00000000'],
      ...['0a400000', 'fe4dff00', '00000000'],
      ...['14000100', '20010db8', '00000000', '00000000', '00000000'],
    ]);
  });

  it('writes an address, a neighbour and a change of a device', () => {
    expect(bytes(addAddressRequest(2, parseInterfaceAddress('10.8.0.5/32'))).slice(4)).toEqual([
      ...['02200000', '02000000'],
      ...['08000200', '0a080005'],
      ...['08000100', '0a080005'],
    ]);
    const neighbour = { linkIndex: 2, address: parseAddress('169.254.1.1'), mac: 'ee:ee:ee:ee:ee:ee' };
    expect(bytes(addNeighbourRequest(neighbour)).slice(4)).toEqual([
      ...['02000000', '02000000', '80000000'],
      ...['08000100', 'a9fe0101'],
      ...['0a000200', 'eeeeeeee', 'eeee0000'],
    ]);
    expect(bytes(changeLinkRequest(2, { up: true, mtuBytes: 1480 }, 'eth0')).slice(4)).toEqual([
      ...['00000000', '02000000', '01000000', '01000000'],
      ...['08000400', 'c8050000'],
    ]);
  });

  it('writes a veth pair whose peer is in another namespace', () => {
    const veth = createVethRequest({ name: 'mgy0', mtuBytes: 1480, peer: { name: 'eth0', namespaceFd: 7 } });
    expect(bytes(veth).slice(4)).toEqual([
      ...['00000000', '00000000', '00000000', '00000000'],
      ...['09000300', '6d677930', '00000000'],
      ...['08000400', 'c8050000'],
      ...['44001280', '09000100', '76657468', '00000000'],
      ...['34000280', '30000180', '00000000', '00000000', '00000000', '00000000'],
      ...['09000300', '65746830', '00000000'],
      ...['08000400', 'c8050000'],
      ...['08001c00', '07000000'],
    ]);
  });

  it('numbers the messages of a batch and aligns them', () => {
    const request = { type: 20, flags: 0, body: Buffer.from([1, 2, 3]), operation: (): string => 'test' };
    const messages = decodeMessages(encodeRequests([request, request, request], 41, 1));
    expect(messages.map(({ sequence }) => sequence)).toEqual([41, 42, 43]);
    expect(messages.map(({ body }) => [...body])).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it('keeps what is longer than its first buffer', () => {
    const long = Buffer.alloc(1000, 7);
    const body = new BodyWriter(8).nested(1, (inner) => inner.attribute(2, long).attributeText(3, 'x')).finish();
    const inner = decodeAttributes(decodeAttributes(Buffer.from(body)).get(1) as Buffer);
    expect(inner.get(2)).toEqual(long);
    expect(inner.get(3)?.toString()).toBe('x\0');
  });

  it.each(['a234567890123456', '', '.', '..', 'a b', 'a/b', 'a:b', 'ä2345678901234ö'])(
    'refuses the name %j',
    (name) => {
      expect(() => createVethRequest({ name, peer: { name: 'eth0' } })).toThrow('is no device name');
      expect(() => createVethRequest({ name: 'eth0', peer: { name } })).toThrow('is no device name');
    },
  );
});

describe('the decoder', () => {
  it('reads back every route that the encoder writes', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const address = fc.tuple(octet, octet, octet, octet).map((parts) => parseAddress(parts.join('.')));
    const route = fc.record(
      {
        destination: address.map(hostCidr),
        linkIndex: fc.integer({ min: 1, max: 100_000 }),
        gateway: address,
        onLink: fc.constant(true),
        source: address,
        mtuBytes: fc.integer({ min: 68, max: 65_535 }),
        metric: fc.nat(),
        type: fc.constantFrom(RTN.unicast, RTN.blackhole),
        protocol: octet,
      },
      { requiredKeys: ['destination', 'type', 'protocol'] },
    );
    fc.assert(
      fc.property(route, (wanted) => {
        const [message] = decodeMessages(encodeRequests([replaceRouteRequest(wanted)], 1, 0));
        expect(message && decodeRoute(message)).toEqual(wanted);
      }),
    );
  });

  it('reads an acknowledgement with the kernel reason, capped or with the request', () => {
    const reason = new BodyWriter().attributeText(1, 'Nexthop has invalid gateway').finish();
    const request = Buffer.from('1c00000018000506010000000000000002000000fe00000100000000', 'hex');
    const errno = Buffer.from([0x9b, 0xff, 0xff, 0xff]);
    const base = { type: NLMSG.error, sequence: 1 };
    const capped = Buffer.concat([errno, request.subarray(0, HEADER_BYTES), reason]);
    const whole = Buffer.concat([errno, request, reason]);
    const expected = { errno: 101, reason: 'Nexthop has invalid gateway' };
    expect(decodeAck({ ...base, flags: 0x300, body: capped })).toEqual(expected);
    expect(decodeAck({ ...base, flags: 0x200, body: whole })).toEqual(expected);
    expect(decodeAck({ ...base, flags: 0x100, body: Buffer.concat([Buffer.alloc(4), request]) })).toEqual({ errno: 0 });
  });

  it('throws RangeError, and nothing else, for bytes that make no sense', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        const buffer = Buffer.from(noise);
        const readers = [
          (): unknown => decodeMessages(buffer),
          (): unknown => decodeAttributes(buffer),
          (): unknown => [...eachAttribute(buffer)],
        ];
        for (const reader of readers) {
          try {
            reader();
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        }
      }),
    );
  });

  it('reads a device', () => {
    const body = new BodyWriter().u8(0).u8(0).u16(1).i32(5).u32(0x1043).u32(0).attributeText(3, 'eth0');
    body
      .attributeU32(4, 1500)
      .attribute(1, Buffer.from([2, 0, 0x5e, 0x10, 0, 1]))
      .attributeU32(5, 9);
    body.nested(18, (info) => info.attributeText(1, 'veth'));
    const link = decodeLink({ type: 16, flags: 0, sequence: 1, body: Buffer.from(body.finish()) });
    expect(link).toEqual({
      index: 5,
      name: 'eth0',
      up: true,
      mtuBytes: 1500,
      mac: '02:00:5e:10:00:01',
      kind: 'veth',
      peerIndex: 9,
    });
  });
});

describe('sysctlPath', () => {
  it.each([
    ['net.ipv4.ip_forward', '/proc/sys/net/ipv4/ip_forward'],
    ['net/ipv4/conf/margay.ipip/rp_filter', '/proc/sys/net/ipv4/conf/margay.ipip/rp_filter'],
    ['net.ipv4.conf.margay/ipip.rp_filter', '/proc/sys/net/ipv4/conf/margay.ipip/rp_filter'],
  ])('finds %s', (name, path) => {
    expect(sysctlPath(name)).toBe(path);
  });

  it.each(['../etc/passwd', 'net/../x', '/etc/passwd', 'net..ipv4', ''])('refuses %j', (name) => {
    expect(() => sysctlPath(name)).toThrow('is no kernel setting');
  });
});
