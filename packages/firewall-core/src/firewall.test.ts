import { parseAddress, parseCidr } from '@margay/ip';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FirewallModel } from './model.ts';
import { kernelName } from './names.ts';
import { type Operation, planRuleset } from './plan.ts';
import { mergeRanges } from './ranges.ts';
import { renderRuleset } from './render.ts';
import type { Chain, KernelSet, Ruleset } from './ruleset.ts';

const EMPTY: FirewallModel = {
  endpoints: [],
  policies: [],
  sets: [],
  natOutgoing: [],
  clusterNetworks: [],
  natToNodes: [],
  nodes: new Set(),
};

const policyIds = ['np/a/one', 'np/a/two', 'np/b/three'];
const setIds = ['s1', 's2', 'n1'];

const rule = fc.record(
  {
    origin: fc.constantFrom('spec.ingress[0]', 'spec.ingress[1]'),
    action: fc.constant('allow' as const),
    peerSets: fc.subarray(setIds),
    ports: fc.array(
      fc.record({ protocol: fc.constantFrom('tcp' as const, 'udp' as const), port: fc.constantFrom(53, 80) }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ['origin', 'action'] },
);

const model: fc.Arbitrary<FirewallModel> = fc.record({
  endpoints: fc.uniqueArray(
    fc.record(
      {
        device: fc.constantFrom('mgy1', 'mgy2', 'mgy3'),
        addresses: fc.constantFrom([parseAddress('10.8.1.1')], [parseAddress('10.8.1.2')]),
        ingress: fc.subarray(policyIds),
        egress: fc.subarray(policyIds),
      },
      { requiredKeys: ['device', 'addresses'] },
    ),
    { selector: ({ device }) => device },
  ) as fc.Arbitrary<FirewallModel['endpoints']>,
  policies: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom(...policyIds),
      ingress: fc.array(rule, { maxLength: 2 }),
      egress: fc.array(rule, { maxLength: 2 }),
    }),
    {
      selector: ({ id }) => id,
    },
  ) as fc.Arbitrary<FirewallModel['policies']>,
  sets: fc.tuple(fc.subarray([1, 2, 3]), fc.subarray([1, 2, 3]), fc.subarray([1, 2, 3])).map(([a, b, c]) => [
    { id: 's1', type: 'addresses' as const, members: new Set(a.map((last) => parseAddress(`192.0.2.${last}`))) },
    { id: 's2', type: 'addresses' as const, members: new Set(b.map((last) => parseAddress(`192.0.2.${last}`))) },
    { id: 'n1', type: 'cidrs' as const, members: new Set(c.map((third) => parseCidr(`198.51.${third}.0/24`))) },
  ]),
  natOutgoing: fc.constant([parseCidr('10.8.0.0/16')]),
  clusterNetworks: fc.constant([parseCidr('10.8.0.0/16')]),
  natToNodes: fc.constantFrom([], [parseCidr('10.8.0.0/16')]),
  nodes: fc.subarray([1, 2, 3]).map((some) => new Set(some.map((last) => parseAddress(`192.0.2.${last}`)))),
});

/** What the kernel checks, as nf_tables does: no use of what is not there, no removal of what is used. */
function applyLikeKernel(before: Ruleset, plan: readonly Operation[]): Ruleset {
  const sets = new Map(
    [...before.sets].map(([name, set]) => [name, { type: set.type, elements: new Map(set.elements) }]),
  );
  const chains = new Map<string, Chain>(before.chains);
  const uses = (kind: 'set' | 'chain', name: string): boolean =>
    [...chains.values()].some(({ rules }) =>
      rules.some((each) => JSON.stringify(each).includes(`"${kind}":"${name}"`)),
    ) ||
    (kind === 'chain' &&
      [...sets.values()].some(({ elements }) =>
        [...elements.values()].some((v) => v?.kind === 'jump' && v.chain === name),
      ));
  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('used before it is there');
    return value;
  };
  for (const operation of plan) {
    switch (operation.kind) {
      case 'add-table':
        break;
      case 'delete-table':
        sets.clear();
        chains.clear();
        break;
      case 'add-set':
        sets.set(operation.set, { type: operation.type, elements: new Map() });
        break;
      case 'delete-set':
        if (uses('set', operation.set)) throw new Error(`${operation.set} is in use`);
        sets.delete(operation.set);
        break;
      case 'add-chain': {
        const { base } = operation.definition;
        chains.set(operation.chain, { ...(base ? { base } : {}), rules: [] });
        break;
      }
      case 'flush-chain':
        chains.set(operation.chain, { ...there(chains.get(operation.chain)), rules: [] });
        break;
      case 'delete-chain':
        if (uses('chain', operation.chain)) throw new Error(`${operation.chain} is in use`);
        chains.delete(operation.chain);
        break;
      case 'add-rules': {
        const chain = there(chains.get(operation.chain));
        for (const { matches, verdict } of operation.rules) {
          for (const match of matches) if ('set' in match) there(sets.get(match.set));
          if (verdict.kind === 'jump') there(chains.get(verdict.chain));
        }
        chains.set(operation.chain, { ...chain, rules: [...chain.rules, ...operation.rules] });
        break;
      }
      case 'add-elements': {
        const set = there(sets.get(operation.set));
        for (const [element, verdict] of operation.elements) {
          if (set.elements.has(element)) throw new Error(`${element} is there already`);
          if (verdict?.kind === 'jump') there(chains.get(verdict.chain));
          set.elements.set(element, verdict);
        }
        break;
      }
      case 'delete-elements':
        for (const element of operation.elements.keys()) {
          if (!there(sets.get(operation.set)).elements.delete(element)) throw new Error(`${element} is not there`);
        }
    }
  }
  return { sets: sets as ReadonlyMap<string, KernelSet>, chains };
}

const text = ({ sets, chains }: Ruleset): string =>
  JSON.stringify([
    [...sets].map(([name, set]) => [name, set.type, [...set.elements].sort()]).sort(),
    [...chains].map(([name, chain]) => [name, chain]).sort(),
  ]);

describe('planRuleset', () => {
  it('turns any table into any other, in an order that the kernel accepts', () => {
    fc.assert(
      fc.property(model, model, (from, to) => {
        const before = renderRuleset(from);
        const desired = renderRuleset(to);
        expect(text(applyLikeKernel(before, planRuleset(before, desired)))).toBe(text(desired));
      }),
    );
  });

  it('is empty when nothing changes, though the model was rendered anew', () => {
    fc.assert(
      fc.property(model, (each) => {
        expect(planRuleset(renderRuleset(each), renderRuleset(structuredClone(each)))).toEqual([]);
      }),
    );
  });

  it('replaces a table that it does not know', () => {
    const desired = renderRuleset(EMPTY);
    const plan = planRuleset(undefined, desired);
    expect(plan.slice(0, 3).map(({ kind }) => kind)).toEqual(['add-table', 'delete-table', 'add-table']);
    expect(text(applyLikeKernel({ sets: new Map(), chains: new Map() }, plan))).toBe(text(desired));
  });

  it('adds one member with one element', () => {
    const set = (...members: string[]) => ({
      ...EMPTY,
      sets: [{ id: 's', type: 'addresses' as const, members: new Set(members.map(parseAddress)) }],
    });
    const plan = planRuleset(renderRuleset(set('192.0.2.1')), renderRuleset(set('192.0.2.1', '192.0.2.2')));
    expect(plan).toEqual([
      { kind: 'add-elements', set: 'set-s', type: 'addresses', elements: new Map([['192.0.2.2', undefined]]) },
    ]);
  });
});

describe('renderRuleset', () => {
  it('accepts what is of a known connection in the first rule of every policy hook', () => {
    const { chains } = renderRuleset(EMPTY);
    const hooks = [...chains.values()].filter(({ base }) => base?.hook === 'forward' || base?.hook === 'input');
    expect(hooks.length).toBe(3);
    for (const { rules } of hooks) {
      expect(rules[0]).toEqual({
        matches: [{ kind: 'connection', states: ['established', 'related'] }],
        verdict: { kind: 'accept' },
      });
    }
  });

  it('has the kernel translate only where a pool asks for it, or where it does already', () => {
    const natOutgoing = [parseCidr('10.8.0.0/16')];
    const translates = (...args: Parameters<typeof renderRuleset>): boolean =>
      [...renderRuleset(...args).chains.values()].some(({ base }) => base?.type === 'nat');
    expect(translates(EMPTY)).toBe(false);
    expect(translates({ ...EMPTY, natOutgoing })).toBe(true);
    expect(translates({ ...EMPTY, natToNodes: natOutgoing })).toBe(true);
    expect(translates(EMPTY, { keepTranslation: true })).toBe(true);
  });

  it('has the same rules for many nodes as for one, and sends only the node that comes', () => {
    const natToNodes = [parseCidr('10.8.0.0/16')];
    const to = (...nodes: string[]): FirewallModel => ({
      ...EMPTY,
      natToNodes,
      nodes: new Set(nodes.map(parseAddress)),
    });
    const before = renderRuleset(to('192.0.2.1'));
    const after = renderRuleset(to('192.0.2.1', '192.0.2.2'));
    expect(after.chains).toEqual(before.chains);
    expect(planRuleset(before, after)).toEqual([
      { kind: 'add-elements', set: 'nodes', type: 'addresses', elements: new Map([['192.0.2.2', undefined]]) },
    ]);
  });

  it('makes the nodes’ set once for as long as the nodes are the same', () => {
    const model = { ...EMPTY, natToNodes: [parseCidr('10.8.0.0/16')], nodes: new Set([parseAddress('192.0.2.1')]) };
    const [one, other] = [renderRuleset(model), renderRuleset({ ...model, endpoints: [] })];
    expect(other.sets.get('nodes')?.elements).toBe(one.sets.get('nodes')?.elements);
  });

  it('lets a rule match nothing whose set is unknown', () => {
    const policies = [
      { id: 'p', ingress: [{ origin: 'spec.ingress[0]', action: 'allow' as const, peerSets: ['gone'] }], egress: [] },
    ];
    const { sets } = renderRuleset({ ...EMPTY, policies });
    expect(sets.get('set-gone')?.elements.size).toBe(0);
  });

  it('makes no rule of an empty union', () => {
    const policies = [
      {
        id: 'p',
        ingress: [
          { origin: 'x', action: 'allow' as const, peerSets: [] },
          { origin: 'y', action: 'allow' as const, ports: [] },
        ],
        egress: [],
      },
    ];
    expect(renderRuleset({ ...EMPTY, policies }).chains.get('policy-p-in')?.rules).toEqual([]);
  });
});

describe('mergeRanges', () => {
  it('joins networks that overlap or touch and leaves IPv6 out', () => {
    const members = ['192.0.2.0/25', '192.0.2.128/25', '198.51.100.7/32', '198.51.100.0/24', '2001:db8::/32'].map(
      parseCidr,
    );
    expect(mergeRanges(members)).toEqual(['192.0.2.0-192.0.2.255', '198.51.100.0-198.51.100.255']);
  });
});

describe('kernelName', () => {
  it('keeps names apart that are cut or have unusual characters', () => {
    const long = 'x'.repeat(200);
    const names = [`${long}1`, `${long}2`, 'a:b', 'a_b'].map((id) => kernelName('policy', id, '-in'));
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_./-]{1,126}$/);
  });
});
