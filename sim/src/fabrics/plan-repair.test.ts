import { parseAddress, parseCidr, parseInterfaceAddress } from '@margay/ip';
import { describe, expect, it } from 'vitest';
import { type ActualState, KERNEL_ROUTE_PROTOCOL, planRepair, type WantedState } from './plan-repair.ts';

const namespace = 'node.a';
const address = parseInterfaceAddress('192.0.2.10/24');
const route = { namespace, destination: parseCidr('0.0.0.0/0'), gateway: parseAddress('192.0.2.1'), protocol: 78 };
const wanted: WantedState = {
  members: [{ namespace, device: 'port', bridge: 'switch' }],
  addresses: [{ namespace, device: 'eth0', address }],
  routes: [route],
};
const NOTHING = { members: [], addresses: [], networks: [], routes: [], stale: [] };

function state({ up = true, addressed = true, routed = true, master = 3 } = {}): ActualState {
  const link = { mtuBytes: 1500, up: true };
  return {
    links: new Map([
      ['eth0', { ...link, index: 1, name: 'eth0', up }],
      ['port', { ...link, index: 2, name: 'port', masterIndex: master }],
      ['switch', { ...link, index: 3, name: 'switch' }],
    ]),
    addresses: addressed ? [{ ...address, linkIndex: 1 }] : [],
    routes: routed
      ? [
          { destination: address.network, linkIndex: 1, type: 1, protocol: KERNEL_ROUTE_PROTOCOL },
          { destination: route.destination, gateway: route.gateway, type: 1, protocol: 78 },
        ]
      : [],
  };
}

describe('planRepair', () => {
  it('leaves alone what is as wanted', () => {
    expect(planRepair(wanted, state())).toEqual(NOTHING);
  });

  it('wants all back that is gone', () => {
    expect(planRepair(wanted, state({ addressed: false, routed: false, master: 0 }))).toEqual({
      members: wanted.members,
      addresses: wanted.addresses,
      networks: wanted.addresses,
      routes: [route],
      stale: [],
    });
  });

  it('leaves a device that is down, and the routes through it, until it is up', () => {
    expect(planRepair(wanted, state({ up: false, routed: false }))).toEqual(NOTHING);
    expect(planRepair(wanted, state({ routed: false })).routes).toEqual([route]);
  });

  it('removes its own routes that nobody wants any more, and replaces those that lead elsewhere', () => {
    expect(planRepair({ ...wanted, routes: [] }, state()).stale).toMatchObject([{ destination: '0.0.0.0/0' }]);
    const moved = { ...route, gateway: parseAddress('192.0.2.2') };
    expect(planRepair({ ...wanted, routes: [moved] }, state())).toEqual({ ...NOTHING, routes: [moved] });
  });
});
