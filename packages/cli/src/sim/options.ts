import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { CliError } from '../error.ts';

/** Name of the simulation that is meant when none is given. */
export const DEFAULT_NAME = 'margay';

export interface NameOption {
  readonly name: string;
}

/** `--name`, that every command of `sim` has. */
export function nameOption(): Option {
  return new Option('--name <name>', 'which simulation').default(DEFAULT_NAME);
}

/** `-o`, with the forms that the command knows; the first one is the default. */
export function outputOption(forms: readonly [string, ...string[]]): Option {
  return new Option('-o, --output <form>', 'how to print the answer').choices(forms).default(forms[0]);
}

export function namespaceOption(): Option {
  return new Option('-n, --namespace <namespace>', 'namespace of the object').default('default');
}

export const PROTOCOLS = ['tcp', 'udp', 'sctp', 'icmp'] as const;

/** Reads a whole number, at least `min`. */
export function wholeNumber(min: number, max = 2_147_483_647): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      const range = max === 2_147_483_647 ? `of at least ${min}` : `from ${min} to ${max}`;
      throw new InvalidArgumentError(`It must be a whole number ${range}.`);
    }
    return value;
  };
}

/** Reads a number of seconds or the like, above zero. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

/** Reads the value of an option that is on or off, as kubectl's `--wait=false`. */
export function trueOrFalse(text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new InvalidArgumentError('It must be true or false.');
  return text === 'true';
}

/** Collects an option that may be given several times. */
export function collect(text: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), text];
}

/** `ns/name`; a name alone is in the namespace default. */
export function podName(text: string, option: string): string {
  const parts = text.split('/');
  if (parts.length > 2 || parts.some((part) => part === '')) {
    throw new CliError('BAD_INPUT', `${option}: '${text}' is not a pod: write NAMESPACE/NAME, as default/a`);
  }
  return parts.length === 2 ? text : `default/${text}`;
}

export type { Command };
export { Argument };
