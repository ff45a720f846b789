import { describe, expect, it } from 'vitest';
import { defaultTopology } from '../topology/default-topology.ts';
import { planLateNode } from './plan-late-node.ts';

const topology = defaultTopology({ nodes: 3, podsPerNode: 0, mode: 'direct' });
const plan = (annotations: Record<string, string> = {}, name = 'node-4'): string => {
  const result = planLateNode(topology, { metadata: { name, annotations } });
  if ('refusal' in result) return result.refusal;
  const [first] = result.spec.interfaces;
  return `${first.rack} ${first.address}`;
};

describe('planLateNode', () => {
  it.each([
    ['the emptier rack and its first free address', {}, 'rack-2 192.0.2.131'],
    ['the rack it asks for', { 'sim.margay.dev/rack': 'rack-1' }, 'rack-1 192.0.2.4'],
    ['the address it asks for, which tells the rack', { 'sim.margay.dev/address': '192.0.2.50' }, 'rack-1 192.0.2.50'],
  ])('gives a node %s', (_, annotations, expected) => {
    expect(plan(annotations)).toBe(expected);
  });

  it.each([
    [{ 'sim.margay.dev/rack': 'r9' }, /there is no rack 'r9'; the racks are rack-1 \(192\.0\.2\.0\/25\), rack-2/],
    [{ 'sim.margay.dev/address': '192.0.2.2' }, /192\.0\.2\.2 is the address of node node-1 already/],
    [{ 'sim.margay.dev/address': '192.0.2.1' }, /is the address of the gateway of rack rack-1 already/],
    [{ 'sim.margay.dev/address': '10.0.0.1' }, /10\.0\.0\.1 is in no rack/],
    [{ 'sim.margay.dev/address': 'x' }, /'x' is not an IP address/],
    [{ 'sim.margay.dev/rack': 'rack-2', 'sim.margay.dev/address': '192.0.2.50' }, /is no host address of rack rack-2/],
  ])('refuses %o', (annotations, expected) => {
    expect(plan(annotations)).toMatch(expected);
  });
});
