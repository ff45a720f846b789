import type { Scope, SpanChange } from '@margay/feed-core';

/** Which nodes need a scope, by how many reasons each has, and what changed since the last `take`. */
export class Spans {
  readonly #reasons = new Map<Scope, Map<string, number>>();
  /** By scope and node: whether the node was in the span at the last `take`. */
  readonly #before = new Map<Scope, Map<string, boolean>>();

  get changed(): boolean {
    return this.#before.size > 0;
  }

  /** One reason more. */
  gain(scope: Scope, node: string): void {
    const nodes = this.#reasons.get(scope) ?? new Map<string, number>();
    this.#reasons.set(scope, nodes);
    const reasons = nodes.get(node) ?? 0;
    nodes.set(node, reasons + 1);
    if (reasons === 0) this.#remember(scope, node, false);
  }

  /** One reason less. */
  lose(scope: Scope, node: string): void {
    const nodes = this.#reasons.get(scope);
    const reasons = nodes?.get(node);
    if (nodes === undefined || reasons === undefined) return;
    if (reasons > 1) {
      nodes.set(node, reasons - 1);
      return;
    }
    nodes.delete(node);
    if (nodes.size === 0) this.#reasons.delete(scope);
    this.#remember(scope, node, true);
  }

  take(): SpanChange[] {
    const changes: SpanChange[] = [];
    for (const [scope, nodes] of this.#before) {
      const now = this.#reasons.get(scope);
      const add: string[] = [];
      const remove: string[] = [];
      for (const [node, was] of nodes) {
        const is = now?.has(node) ?? false;
        if (is && !was) add.push(node);
        if (!is && was) remove.push(node);
      }
      if (add.length + remove.length > 0) changes.push({ scope, add, remove });
    }
    this.#before.clear();
    return changes;
  }

  all(): SpanChange[] {
    return Array.from(this.#reasons, ([scope, nodes]) => ({ scope, add: [...nodes.keys()], remove: [] }));
  }

  #remember(scope: Scope, node: string, was: boolean): void {
    const nodes = this.#before.get(scope) ?? new Map<string, boolean>();
    this.#before.set(scope, nodes);
    if (!nodes.has(node)) nodes.set(node, was);
  }
}
