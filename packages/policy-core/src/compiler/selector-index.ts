import type { Labels, Selector } from '@margay/selector';

/**
 * Items by their selector, so that labels find the items that match them
 * without trying every one: an item is filed under one condition it requires,
 * a label's value if there is such a condition, else a label's presence.
 * A look-up costs the labels plus the items filed under them.
 */
export class SelectorIndex<T> {
  readonly #buckets = new Map<string, Map<T, Selector>>();
  #size = 0;

  /** How many items there are. */
  get size(): number {
    return this.#size;
  }

  /** The item must not be in the index. */
  add(selector: Selector, item: T): void {
    this.#size++;
    for (const key of bucketKeys(selector)) {
      const bucket = this.#buckets.get(key);
      if (bucket === undefined) this.#buckets.set(key, new Map([[item, selector]]));
      else bucket.set(item, selector);
    }
  }

  /** The item must be in the index, under this selector. */
  remove(selector: Selector, item: T): void {
    this.#size--;
    for (const key of bucketKeys(selector)) {
      const bucket = this.#buckets.get(key);
      bucket?.delete(item);
      if (bucket?.size === 0) this.#buckets.delete(key);
    }
  }

  /** Every item whose selector matches, once. */
  *matching(labels: Labels): Generator<T> {
    yield* this.#bucketMatches(UNFILED, labels);
    for (const key of Object.keys(labels)) {
      yield* this.#bucketMatches(pairKey(key, labels[key] as string), labels);
      yield* this.#bucketMatches(key, labels);
    }
  }

  *#bucketMatches(key: string, labels: Labels): Generator<T> {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return;
    for (const [item, selector] of bucket) if (selector.matches(labels)) yield item;
  }
}

/** A label key has neither `=` nor `*`, so that the three kinds of bucket keys are distinct. */
export function pairKey(key: string, value: string): string {
  return `${key}=${value}`;
}

const UNFILED = '*';

function bucketKeys({ requirements }: Selector): string[] {
  let best: readonly string[] | undefined;
  let presence: string | undefined;
  for (const { key, operator, values } of requirements) {
    if (operator === 'In' && (best === undefined || values.length < best.length)) {
      best = values.map((value) => pairKey(key, value));
    }
    if (operator === 'Exists') presence = key;
  }
  if (best !== undefined) return [...best];
  return [presence ?? UNFILED];
}
