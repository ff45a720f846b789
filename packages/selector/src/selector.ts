/** Labels of an object, as its metadata carries them. */
export type Labels = Readonly<Record<string, string>>;

/**
 * One condition on a label. `In` and `NotIn` have at least one value, sorted
 * and without repeats; `Exists` and `DoesNotExist` have none; `Gt` and `Lt`
 * (text form only) have one whole number.
 */
export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values: readonly string[];
}

/** A compiled selector: every requirement must hold. Made by `compileLabelSelector` and `parseSelectorText`. */
export interface Selector {
  /** Sorted and without repeats. Empty: every object matches, unless `matchesNothing`. */
  readonly requirements: readonly Requirement[];
  /** True for the null selector alone. */
  readonly matchesNothing: boolean;
  matches(labels: Labels | undefined): boolean;
  /**
   * Canonical text: selectors with the same requirements, in any order and
   * spelling, have the same one. It is what `parseSelectorText` reads, except
   * for the null selector, whose text is not valid there.
   */
  text(): string;
}

/** What the null selector's `text()` is. */
export const NOTHING_TEXT = '<nothing>';

export function selectorOf(requirements: readonly Requirement[]): Selector {
  return new RequirementSelector(requirements);
}

/** The selector that matches no object: Kubernetes' null selector. */
export const NOTHING: Selector = {
  requirements: [],
  matchesNothing: true,
  matches: () => false,
  text: () => NOTHING_TEXT,
};

/** The condition in canonical form: values sorted, without repeats. */
export function requirementOf(
  key: string,
  operator: Requirement['operator'],
  values: readonly string[] = [],
): Requirement {
  return { key, operator, values: values.length < 2 ? values : [...new Set(values)].sort() };
}

class RequirementSelector implements Selector {
  readonly requirements: readonly Requirement[];
  readonly matchesNothing = false;
  readonly #text: string;

  constructor(requirements: readonly Requirement[]) {
    const byText = new Map(requirements.map((requirement) => [requirementText(requirement), requirement]));
    const texts = [...byText.keys()].sort();
    this.requirements = texts.map((text) => byText.get(text) as Requirement);
    this.#text = texts.join(',');
  }

  matches(labels: Labels | undefined): boolean {
    for (const requirement of this.requirements) {
      const value =
        labels !== undefined && Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
      if (!holds(requirement, value)) return false;
    }
    return true;
  }

  text(): string {
    return this.#text;
  }
}

/** The selector that matches every object. */
export const EVERYTHING: Selector = selectorOf([]);

/** `NotIn` holds for an absent label, `In`, `Gt` and `Lt` do not. */
function holds({ operator, values }: Requirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
    case 'Lt': {
      if (value === undefined || !isWholeNumber(value)) return false;
      const difference = BigInt(value) - BigInt(values[0] as string);
      return operator === 'Gt' ? difference > 0n : difference < 0n;
    }
  }
}

export function isWholeNumber(text: string): boolean {
  return /^-?[0-9]+$/.test(text);
}

function requirementText({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'In':
      return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(',')})`;
    case 'NotIn':
      return values.length === 1 ? `${key}!=${values[0]}` : `${key} notin (${values.join(',')})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    case 'Gt':
      return `${key}>${values[0]}`;
    case 'Lt':
      return `${key}<${values[0]}`;
  }
}
