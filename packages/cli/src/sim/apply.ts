import { Command } from 'commander';
import type { ApplyOptions } from '../apply/apply-files.ts';
import type { SetExitCode } from '../error.ts';
import { collect, nameOption, outputOption, positiveNumber } from './options.ts';

interface ApplyCommandOptions extends ApplyOptions {
  readonly name: string;
  readonly filename: readonly string[];
}

const HELP = `
The whole input is checked before anything is created. What an earlier apply
set and the input no longer has is removed, as kubectl does it; the two can be
mixed.

Exit codes:
  0  applied; with --wait: and ready
  1  with --wait: applied, but not ready in time
  2  the input is wrong, told with file and line; nothing was created
  3  there is no such simulation, or Margay failed`;

export function applyCommand(setExitCode: SetExitCode): Command {
  return new Command('apply')
    .description('Create objects, or change them to what a file says.')
    .requiredOption('-f, --filename <file>', 'YAML or JSON file, directory, or - for standard input', collect)
    .option('--wait', 'until pods are Running and nodes Ready')
    .option('--timeout <seconds>', 'with --wait: how long at most', positiveNumber, 60)
    .addOption(nameOption())
    .addOption(outputOption(['text', 'json']))
    .addHelpText('after', HELP)
    .action(async (options: ApplyCommandOptions) => {
      const [{ connectApi }, { loadInput }, { applyFiles }] = await Promise.all([
        import('../api/connect.ts'),
        import('../manifests/load.ts'),
        import('../apply/apply-files.ts'),
      ]);
      const input = loadInput(options.filename);
      setExitCode(await applyFiles(await connectApi(options.name), input, options));
    });
}
