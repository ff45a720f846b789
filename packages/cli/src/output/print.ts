/** One line of an answer, on standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** One line about what is going on, on standard error. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2));
}
