import { Command, CommanderError, InvalidArgumentError } from 'commander';

export const MODES = ['encapsulated', 'direct'] as const;
export type Mode = (typeof MODES)[number];

export interface Options {
  readonly modes: readonly Mode[];
  readonly keep: boolean;
  /** Empty: all. */
  readonly scenarios: readonly string[];
  /** Folder of results. */
  readonly out: string;
  readonly nodeImage: string;
  readonly list: boolean;
}

/** `exitCode` is 0 after help, and 2 when the question was wrong; `message` is for people. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** A choice of which some come later: each is refused with one sentence. */
function choice<T extends string>(
  what: string,
  known: readonly T[],
  later: Readonly<Record<string, string>>,
): (text: string) => T {
  return (text) => {
    const found = known.find((each) => each === text);
    if (found !== undefined) return found;
    throw new InvalidArgumentError(later[text] ?? `${what} is ${known.join(' or ')}.`);
  };
}

/** @throws UsageError */
export function parseOptions(argv: readonly string[], defaults: { readonly out: string }): Options {
  let printed = '';
  const command = new Command('npm run e2e --')
    .description('Runs the scenarios on real Kubernetes: a kind cluster for each mode, with Margay installed by Helm.')
    .option(
      '--mode <mode>',
      'encapsulated or direct; both, one after the other, when not given',
      choice('The mode', MODES, { bgp: 'Mode bgp comes later: use encapsulated or direct.' }),
    )
    .option(
      '--profile <profile>',
      'what the machines stand in: bare-metal',
      choice('The profile', ['bare-metal'], { aws: 'Profile aws comes later: use bare-metal.' }),
      'bare-metal',
    )
    .option(
      '--family <family>',
      'addresses of the pods: ipv4',
      choice('The family', ['ipv4'], {
        ipv6: 'Family ipv6 comes later: use ipv4.',
        dual: 'Family dual comes later: use ipv4.',
      }),
      'ipv4',
    )
    .option(
      '--scenario <name>',
      'run this one; may be given several times',
      (name: string, all: readonly string[]) => [...all, name],
      [] as readonly string[],
    )
    .option('--list', 'print the names of the scenarios and run nothing', false)
    .option('--keep', 'leave the cluster running, and say how to use and delete it (needs --mode)', false)
    .option('--node-image <image>', 'of the nodes, and with it the version of Kubernetes', 'kindest/node:v1.34.4')
    .option('--out <folder>', 'for the JUnit report and the evidence of failures', defaults.out)
    .addHelpText('after', '\nExit codes: 0 all passed; 1 something failed; 2 the question was wrong; 130 interrupted.')
    .allowExcessArguments(false)
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        printed += text;
      },
      writeErr: (text) => {
        printed += text;
      },
    });
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) throw new UsageError(sentence(printed), error.exitCode === 0 ? 0 : 2);
    throw error;
  }
  const { mode, scenario, keep, list, nodeImage, out } = command.opts<{
    mode?: Mode;
    scenario: readonly string[];
    keep: boolean;
    list: boolean;
    nodeImage: string;
    out: string;
  }>();
  if (keep && mode === undefined) throw new UsageError('--keep needs --mode: one cluster is left, not one of each.', 2);
  return { modes: mode === undefined ? MODES : [mode], keep, scenarios: scenario, out, nodeImage, list };
}

/** Without commander's own words before ours. */
function sentence(printed: string): string {
  return printed.trim().replace(/^error: (option '.*' argument '.*' is invalid\. )?/, '');
}
