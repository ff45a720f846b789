import { type FirewallModel, planRuleset, type Ruleset, renderRuleset } from '@margay/firewall-core';
import type { Firewall } from '@margay/ports';

/** A Firewall that holds the rendered table in memory. */
export class MemoryFirewall implements Firewall {
  #held: Ruleset | undefined;
  #model: FirewallModel | undefined;
  #tampered = false;
  #adopted = false;
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
    if (this.#adopted) this.#held = undefined;
    this.#adopted = false;
    const desired = renderRuleset(model);
    const plan = planRuleset(this.#held, desired);
    this.#held = desired;
    this.#model = model;
    if (plan.length > 0) this.#tampered = false;
    return { changed: plan.length > 0 };
  }

  async adopt(): Promise<boolean> {
    this.#held = undefined;
    this.#adopted = this.#model !== undefined && !this.#tampered;
    return this.#adopted;
  }

  async verify(): Promise<boolean> {
    if (this.#tampered) {
      this.#held = undefined;
      this.#adopted = false;
    }
    return this.#held !== undefined || this.#adopted;
  }

  async clear(): Promise<void> {
    this.#held = undefined;
    this.#model = undefined;
    this.#tampered = false;
    this.#adopted = false;
  }
}
