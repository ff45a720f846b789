import { type FirewallModel, planRuleset, type Ruleset, renderRuleset } from '@margay/firewall-core';
import type { Firewall } from '@margay/ports';

/** A Firewall that holds the rendered table in memory. */
export class MemoryFirewall implements Firewall {
  #held: Ruleset | undefined;
  #model: FirewallModel | undefined;
  #tampered = false;
  #failure: Error | undefined;

  /** The model of the last apply, for assertions. */
  get model(): FirewallModel | undefined {
    return this.#model;
  }

  /** The next `apply` throws this and changes nothing. */
  failNext(failure: Error): void {
    this.#failure = failure;
  }

  /** Somebody else removes what Margay wrote. */
  tamper(): void {
    this.#tampered = true;
  }

  async apply(model: FirewallModel): Promise<{ changed: boolean }> {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure;
    const desired = renderRuleset(model);
    const plan = planRuleset(this.#held, desired);
    this.#held = desired;
    this.#model = model;
    if (plan.length > 0) this.#tampered = false;
    return { changed: plan.length > 0 };
  }

  async verify(): Promise<boolean> {
    if (this.#tampered) this.#held = undefined;
    return this.#held !== undefined;
  }

  async clear(): Promise<void> {
    this.#held = undefined;
    this.#model = undefined;
    this.#tampered = false;
  }
}
