/** Collects what a policy says that is not understood. */
export class Report {
  readonly problems: { readonly fieldPath: string; readonly message: string }[] = [];
  #refusals = 0;

  /** The policy still means something safe: the message says what. */
  note(fieldPath: string, message: string): void {
    this.problems.push({ fieldPath, message });
  }

  /** The part being read cannot be trusted to allow anything. */
  refuse(fieldPath: string, message: string): void {
    this.#refusals++;
    this.problems.push({ fieldPath, message });
  }

  /** What `read` returns, or undefined when it refused something. */
  unlessRefused<T>(read: () => T): T | undefined {
    const before = this.#refusals;
    const result = read();
    return this.#refusals === before ? result : undefined;
  }
}

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON's null is an absent field, as in the Kubernetes API. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** A value as the user wrote it, short enough for a sentence. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
