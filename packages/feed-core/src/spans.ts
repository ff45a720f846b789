import type { Scope, SpanChange } from './entry.ts';

/** Which nodes are in each named scope. */
export class Spans {
  readonly #nodes = new Map<Scope, Set<string>>();

  /** Whether `node` receives entries of `scope`. */
  includes(scope: Scope, node: string): boolean {
    if (scope === 'all') return true;
    if (scope.startsWith('node:')) return scope.length === 5 + node.length && scope.endsWith(node);
    return this.#nodes.get(scope)?.has(node) ?? false;
  }

  /** The part of `change` that is news; undefined when there is none. */
  apply(change: SpanChange): SpanChange | undefined {
    const nodes = this.#nodes.get(change.scope) ?? new Set<string>();
    const add = change.add.filter((node) => !nodes.has(node));
    const remove = change.remove.filter((node) => nodes.has(node));
    if (add.length === 0 && remove.length === 0) return undefined;
    for (const node of add) nodes.add(node);
    for (const node of remove) nodes.delete(node);
    if (nodes.size > 0) this.#nodes.set(change.scope, nodes);
    else this.#nodes.delete(change.scope);
    return { scope: change.scope, add, remove };
  }

  /** Every scope with its nodes. */
  entries(): IterableIterator<[Scope, ReadonlySet<string>]> {
    return this.#nodes.entries();
  }
}
