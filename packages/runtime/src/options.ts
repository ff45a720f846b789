/** One option of a process: the flag `--<name>` and the variable `MARGAY_<NAME>`; the flag wins. */
export interface OptionSpec {
  /** One plain sentence for `--help`. */
  readonly help: string;
  /** What stands for the value in `--help`, such as `HOST:PORT`; `VALUE` by default. */
  readonly value?: string;
  /** Used when neither flag nor variable is given. Without it the option is required, unless `optional`. */
  readonly default?: string;
  /** May be left out, and is undefined then. */
  readonly optional?: true;
  /** The only values allowed. */
  readonly choices?: readonly string[];
}

/** Options by flag name, in kebab case without the dashes. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

/** The values, by the option's name in camel case. */
export type OptionValues<O extends OptionSpecs> = {
  readonly [K in keyof O as CamelCase<K & string>]: O[K] extends { readonly optional: true }
    ? string | undefined
    : string;
};

/** What a process was asked with is wrong; `message` is the one sentence to print. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

export interface OptionInput {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads the options from flags (`--name value` or `--name=value`) and the
 * environment. An empty variable counts as not given.
 *
 * @throws {OptionError} an unknown, repeated, missing or impossible option
 */
export function parseOptions<const O extends OptionSpecs>(specs: O, { argv, env }: OptionInput): OptionValues<O> {
  const flags = readFlags(specs, argv);
  const values: Record<string, string | undefined> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const variable = env[variableName(name)];
    const value = flags.get(name) ?? (variable === '' ? undefined : variable) ?? spec.default;
    if (value === undefined && spec.optional !== true) {
      throw new OptionError(`--${name} is missing; give it, or set ${variableName(name)}.`);
    }
    if (value !== undefined && spec.choices !== undefined && !spec.choices.includes(value)) {
      throw new OptionError(`--${name} is '${value}', but must be one of: ${spec.choices.join(', ')}.`);
    }
    values[camelCase(name)] = value;
  }
  return values as OptionValues<O>;
}

/** The text of `--help`. */
export function helpText(program: string, description: string, specs: OptionSpecs): string {
  const rows = Object.entries(specs).map(([name, spec]) => {
    const flag = `--${name} ${spec.value ?? 'VALUE'}`;
    return { flag, text: `${spec.help}${noteOf(spec)} (${variableName(name)})` };
  });
  rows.push({ flag: '--help', text: 'Print this text.' });
  const width = Math.max(...rows.map(({ flag }) => flag.length));
  const lines = rows.map(({ flag, text }) => `  ${flag.padEnd(width)}  ${text}`);
  return `${program}: ${description}\n\nOptions (a flag wins over its environment variable):\n${lines.join('\n')}\n`;
}

function noteOf({ choices, default: fallback, optional }: OptionSpec): string {
  const one = choices === undefined ? '' : ` One of: ${choices.join(', ')}.`;
  if (fallback !== undefined) return `${one} Default: ${fallback === '' ? 'none' : fallback}.`;
  return optional === true ? one : `${one} Required.`;
}

/** `MARGAY_LOG_LEVEL` for `log-level`. */
export function variableName(option: string): string {
  return `MARGAY_${option.toUpperCase().replaceAll('-', '_')}`;
}

function readFlags(specs: OptionSpecs, argv: readonly string[]): Map<string, string> {
  const flags = new Map<string, string>();
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? '';
    if (!word.startsWith('--')) throw new OptionError(`'${word}' is not an option; options start with --.`);
    const equals = word.indexOf('=');
    const name = equals === -1 ? word.slice(2) : word.slice(2, equals);
    if (!Object.hasOwn(specs, name)) throw new OptionError(`--${name} is not an option of this program; see --help.`);
    if (flags.has(name)) throw new OptionError(`--${name} is given twice.`);
    const value = equals === -1 ? argv[++index] : word.slice(equals + 1);
    if (value === undefined || (equals === -1 && value.startsWith('--'))) {
      throw new OptionError(`--${name} needs a value.`);
    }
    flags.set(name, value);
  }
  return flags;
}

function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
