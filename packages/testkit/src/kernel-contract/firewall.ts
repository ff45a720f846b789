import type { FirewallModel } from '@margay/firewall-core';
import { parseAddress, parseCidr } from '@margay/ip';
import type { Firewall } from '@margay/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

export const EMPTY_FIREWALL: FirewallModel = {
  endpoints: [],
  policies: [],
  sets: [],
  natOutgoing: [],
  clusterNetworks: [],
  natToNodes: [],
  nodes: new Set(),
};

/** A firewall of its own, and a way to change it behind its back. */
export interface FirewallUnderTest {
  readonly firewall: Firewall;
  foreignEdit(): void;
  /** Takes out all that is in the table, and leaves the table, behind the back of Margay. */
  empty(): void;
  close(): void;
}

/** A model with some of everything. */
export function sampleFirewall(): FirewallModel {
  return {
    endpoints: [
      { device: 'mgy00000000001', addresses: [parseAddress('10.8.1.1')], ingress: ['np/default/web'] },
      { device: 'mgy00000000002', addresses: [parseAddress('10.8.1.2')], egress: ['np/default/web', 'np/default/db'] },
      { device: 'mgy00000000003', addresses: [parseAddress('10.8.1.3')] },
    ],
    policies: [
      {
        id: 'np/default/web',
        ingress: [
          {
            origin: 'spec.ingress[0]',
            action: 'allow',
            peerSets: ['s1', 'n1'],
            ports: [{ protocol: 'tcp', port: 80 }],
          },
        ],
        egress: [{ origin: 'spec.egress[0]', action: 'allow', peerSets: ['n1'] }],
      },
      {
        id: 'np/default/db',
        ingress: [],
        egress: [
          { origin: 'spec.egress[0]', action: 'allow', ports: [{ protocol: 'udp', port: 53 }, { protocol: 'sctp' }] },
        ],
      },
    ],
    sets: [
      { id: 's1', type: 'addresses', members: new Set([parseAddress('10.8.1.2'), parseAddress('10.8.2.2')]) },
      {
        id: 'n1',
        type: 'cidrs',
        members: new Set([parseCidr('192.0.2.0/24'), parseCidr('203.0.113.0/25'), parseCidr('255.255.255.0/24')]),
      },
    ],
    natOutgoing: [parseCidr('10.8.0.0/16')],
    clusterNetworks: [parseCidr('10.8.0.0/16'), parseCidr('10.9.0.0/16')],
    natToNodes: [parseCidr('10.9.0.0/16')],
    nodes: new Set([parseAddress('192.0.2.10'), parseAddress('198.51.100.20')]),
  };
}

/** What every Firewall does. */
export function describeFirewall(name: string, make: () => FirewallUnderTest): void {
  describe(`Firewall: ${name}`, () => {
    let subject: FirewallUnderTest;
    let firewall: Firewall;
    beforeEach(() => {
      subject = make();
      ({ firewall } = subject);
    });
    afterEach(() => subject.close());

    it('takes a model once', async () => {
      expect(await firewall.apply(sampleFirewall())).toEqual({ changed: true });
      expect(await firewall.apply(sampleFirewall())).toEqual({ changed: false });
    });

    it('goes from one model to another and back', async () => {
      for (const model of [sampleFirewall(), EMPTY_FIREWALL, sampleFirewall()]) {
        expect(await firewall.apply(model)).toEqual({ changed: true });
        expect(await firewall.verify()).toBeDefined();
      }
    });

    it('changes networks of a set that overlap what they replace', async () => {
      const withNetworks = (...cidrs: string[]): FirewallModel => ({
        ...EMPTY_FIREWALL,
        sets: [{ id: 'n', type: 'cidrs', members: new Set(cidrs.map(parseCidr)) }],
      });
      for (const cidrs of [
        ['192.0.2.0/24'],
        ['192.0.2.0/25'],
        ['192.0.2.0/23'],
        ['0.0.0.0/0'],
        ['192.0.2.64/26', '192.0.2.192/26'],
      ]) {
        expect(await firewall.apply(withNetworks(...cidrs))).toEqual({ changed: true });
        expect(await firewall.verify()).toBeDefined();
      }
    });

    it('notices a foreign edit, and mends it at the next apply', async () => {
      await firewall.apply(sampleFirewall());
      expect(await firewall.verify()).toBeDefined();
      subject.foreignEdit();
      expect(await firewall.verify()).toBeUndefined();
      expect(await firewall.apply(sampleFirewall())).toEqual({ changed: true });
      expect(await firewall.verify()).toBeDefined();
    });

    it('does not claim to hold anything before the first apply', async () => {
      expect(await firewall.verify()).toBeUndefined();
    });

    it('adopts a table that is there, leaves it, and replaces it at the next apply', async () => {
      expect(await firewall.adopt()).toBeUndefined();
      expect(await firewall.verify()).toBeUndefined();
      await firewall.apply(sampleFirewall());
      expect(await firewall.adopt()).toBeDefined();
      expect(await firewall.verify()).toBeDefined();
      expect(await firewall.apply(EMPTY_FIREWALL)).toEqual({ changed: true });
      expect(await firewall.adopt()).toBeDefined();
      subject.foreignEdit();
      expect(await firewall.verify()).toBeUndefined();
    });

    it('gives a table the same mark for as long as it is the same', async () => {
      await firewall.apply(sampleFirewall());
      const first = await firewall.verify();
      await firewall.apply(sampleFirewall());
      expect([await firewall.verify(), await firewall.adopt(), await firewall.verify()]).toEqual([first, first, first]);
      await firewall.apply(EMPTY_FIREWALL);
      expect(await firewall.verify()).not.toBe(first);
    });

    it('adopts a table that was emptied, under another mark, and fills it at the next apply', async () => {
      await firewall.apply(sampleFirewall());
      const before = await firewall.verify();
      subject.empty();
      const emptied = await firewall.adopt();
      expect(emptied).toBeDefined();
      expect(emptied).not.toBe(before);
      expect(await firewall.apply(sampleFirewall())).toEqual({ changed: true });
      expect(await firewall.verify()).toBeDefined();
    });

    it('can be cleared twice', async () => {
      await firewall.apply(sampleFirewall());
      await firewall.clear();
      await firewall.clear();
      expect(await firewall.verify()).toBeUndefined();
      expect(await firewall.apply(sampleFirewall())).toEqual({ changed: true });
    });
  });
}
