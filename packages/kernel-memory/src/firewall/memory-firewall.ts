import { type FirewallModel, planRuleset, type Ruleset, renderRuleset } from '@margay/firewall-core';
import type { Firewall } from '@margay/ports';

/** A Firewall that holds the rendered table in memory. */
export class MemoryFirewall implements Firewall {
  #held: Ruleset | undefined;
  #model: FirewallModel | undefined;
  #tampered = false;
  /** Somebody else's change that left a table; gone with the next full write. */
  #isAltered = false;
  /** Raised by every change. */
  #content = 0;
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

  /** Somebody else empties the table but leaves it there. Only its mark tells. */
  empty(): void {
    this.#content++;
    this.#isAltered = true;
  }

  /** Names what is in the table now. */
  get mark(): string {
    return `content ${this.#content}`;
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
    if (plan.length > 0) {
      this.#tampered = false;
      this.#isAltered = false;
      this.#content++;
    }
    return { changed: plan.length > 0 };
  }

  async adopt(): Promise<string | undefined> {
    this.#held = undefined;
    this.#adopted = this.#model !== undefined && !this.#tampered;
    // What was found is what `verify` compares with.
    if (this.#adopted) this.#isAltered = false;
    return this.#adopted ? this.mark : undefined;
  }

  async verify(): Promise<string | undefined> {
    if (this.#tampered || this.#isAltered) {
      this.#held = undefined;
      this.#adopted = false;
    }
    return this.#held !== undefined || this.#adopted ? this.mark : undefined;
  }

  async clear(): Promise<void> {
    this.#held = undefined;
    this.#model = undefined;
    this.#tampered = false;
    this.#isAltered = false;
    this.#adopted = false;
  }
}
