import { readFileSync } from 'node:fs';
import type { UpResult } from '@margay/sim';
import { Command } from 'commander';
import { CliError, EXIT, type SetExitCode } from '../error.ts';
import { whyUnreadable } from '../manifests/why-unreadable.ts';
import { note, printJson } from '../output/print.ts';
import { nameOption, outputOption, wholeNumber } from './options.ts';
import { interruption } from './simulation.ts';

interface UpOptions {
  readonly name: string;
  readonly profile?: string;
  readonly mode?: string;
  readonly nodes?: number;
  readonly podsPerNode?: number;
  readonly output: string;
}

const HELP = `
Without arguments: 3 nodes with 2 pods each, bare-metal, encapsulated.
The simulation stays up until margay sim down.

Exit codes:
  0    up, and every connection that verifies it works
  2    the topology or an option is wrong; nothing was created
  3    it did not come up; nothing is left of it
  130  interrupted with Ctrl-C; nothing is left of it`;

export function upCommand(setExitCode: SetExitCode): Command {
  return new Command('up')
    .description('Bring a simulation up and verify it with real packets.')
    .argument('[topology]', 'YAML file with nodes, pools and pods; - reads standard input')
    .option('--profile <profile>', 'bare-metal or aws')
    .option('--mode <mode>', 'encapsulated, cross-subnet, direct, vxlan or bgp')
    .option('--nodes <count>', 'number of nodes', wholeNumber(1))
    .option('--pods-per-node <count>', 'number of pods on each node', wholeNumber(0))
    .addOption(nameOption())
    .addOption(outputOption(['text', 'json']))
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, options: UpOptions) => {
      const topology = file === undefined ? undefined : readTopology(file);
      const interrupted = interruption();
      try {
        const result = await start(options, topology, interrupted.signal);
        const { printSummary, summaryOf } = await import('./up-summary.ts');
        if (options.output === 'json') printJson(summaryOf(result));
        else printSummary(result);
      } catch (error) {
        if (!interrupted.signal.aborted) throw error;
        note(`margay: interrupted; nothing is left of simulation '${options.name}'`);
        setExitCode(EXIT.INTERRUPTED);
      } finally {
        interrupted.stop();
      }
    });
}

async function start(
  { name, profile, mode, nodes, podsPerNode }: UpOptions,
  topology: { readonly text: string; readonly file: string } | undefined,
  signal: AbortSignal,
): Promise<UpResult> {
  const { up } = await import('@margay/sim');
  return await up({
    name,
    ...(topology !== undefined && { topology }),
    ...(profile !== undefined && { profile }),
    ...(mode !== undefined && { mode }),
    ...(nodes !== undefined && { nodes }),
    ...(podsPerNode !== undefined && { podsPerNode }),
    onProgress: note,
    signal,
  });
}

function readTopology(file: string): { readonly text: string; readonly file: string } {
  if (file === '-') return { text: readFileSync(0, 'utf8'), file: 'stdin' };
  try {
    return { text: readFileSync(file, 'utf8'), file };
  } catch (error) {
    throw new CliError('BAD_INPUT', `${file}: ${whyUnreadable(error)}`, { cause: error });
  }
}
