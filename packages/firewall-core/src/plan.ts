import type { Chain, KernelSet, Rule, Ruleset, Verdict } from './ruleset.ts';

/** One step of a transaction. All of a plan takes effect at once; the order is what the kernel's checks need. */
export type Operation =
  | { readonly kind: 'add-table' }
  | { readonly kind: 'delete-table' }
  | { readonly kind: 'add-set'; readonly set: string; readonly type: KernelSet['type'] }
  | { readonly kind: 'delete-set'; readonly set: string }
  | { readonly kind: 'add-chain'; readonly chain: string; readonly definition: Chain }
  | { readonly kind: 'flush-chain'; readonly chain: string }
  | { readonly kind: 'delete-chain'; readonly chain: string }
  | { readonly kind: 'add-rules'; readonly chain: string; readonly rules: readonly Rule[] }
  | ElementsOperation;

export interface ElementsOperation {
  readonly kind: 'add-elements' | 'delete-elements';
  readonly set: string;
  readonly type: KernelSet['type'];
  readonly elements: ReadonlyMap<string, Verdict | undefined>;
}

/**
 * The smallest transaction that turns `actual` into `desired`; empty when they
 * are the same. Pure. Where `actual` is unknown, or a set or base chain would
 * change its kind, the whole table is replaced, which the kernel does between
 * two packets.
 */
export function planRuleset(actual: Ruleset | undefined, desired: Ruleset): Operation[] {
  const comparable = actual !== undefined && sameKinds(actual, desired);
  const before = comparable ? actual : { sets: new Map<string, KernelSet>(), chains: new Map<string, Chain>() };
  const opening: Operation[] = comparable
    ? []
    : [{ kind: 'add-table' }, { kind: 'delete-table' }, { kind: 'add-table' }];
  const plan: Operation[] = [];
  const later: Operation[] = [];

  for (const [set, { type }] of desired.sets) {
    if (!before.sets.has(set)) plan.push({ kind: 'add-set', set, type });
  }
  for (const [chain, definition] of desired.chains) {
    if (!before.chains.has(chain)) plan.push({ kind: 'add-chain', chain, definition });
  }
  for (const [set, old] of before.sets) {
    const wanted = desired.sets.get(set);
    if (!wanted) {
      later.push({ kind: 'delete-set', set });
      continue;
    }
    const elements = difference(old.elements, wanted.elements);
    if (elements.size > 0) plan.push({ kind: 'delete-elements', set, type: old.type, elements });
  }
  for (const chain of before.chains.keys()) {
    if (desired.chains.has(chain)) continue;
    plan.push({ kind: 'flush-chain', chain });
    later.push({ kind: 'delete-chain', chain });
  }
  for (const [chain, { rules }] of desired.chains) {
    const old = before.chains.get(chain);
    if (old && sameRules(old.rules, rules)) continue;
    if (old) plan.push({ kind: 'flush-chain', chain });
    if (rules.length > 0) plan.push({ kind: 'add-rules', chain, rules });
  }
  for (const [set, { type, elements }] of desired.sets) {
    const missing = difference(elements, before.sets.get(set)?.elements);
    if (missing.size > 0) plan.push({ kind: 'add-elements', set, type, elements: missing });
  }
  return [...opening, ...plan, ...later];
}

/** The elements of `of` that `other` lacks or has with another verdict. */
function difference(
  of: KernelSet['elements'],
  other: KernelSet['elements'] | undefined,
): Map<string, Verdict | undefined> {
  const result = new Map<string, Verdict | undefined>();
  if (of === other) return result;
  for (const [element, verdict] of of) {
    if (other === undefined || !other.has(element) || !sameVerdict(other.get(element), verdict))
      result.set(element, verdict);
  }
  return result;
}

/** The type of a set and the hook of a chain cannot change in place. */
function sameKinds(actual: Ruleset, desired: Ruleset): boolean {
  for (const [name, { type }] of desired.sets) {
    if ((actual.sets.get(name)?.type ?? type) !== type) return false;
  }
  for (const [name, { base }] of desired.chains) {
    const old = actual.chains.get(name);
    if (old && JSON.stringify(old.base) !== JSON.stringify(base)) return false;
  }
  return true;
}

function sameVerdict(a: Verdict | undefined, b: Verdict | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function sameRules(a: readonly Rule[], b: readonly Rule[]): boolean {
  return a === b || (a.length === b.length && JSON.stringify(a) === JSON.stringify(b));
}
