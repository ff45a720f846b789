import { Command } from 'commander';
import { CliError, EXIT } from '../error.ts';
import type { SetExitCode } from '../program.ts';
import { collect, nameOption, namespaceOption } from './options.ts';

export interface DeleteCommandOptions {
  readonly name: string;
  readonly namespace: string;
  readonly filename?: readonly string[];
  readonly ignoreNotFound?: boolean;
}

const HELP = `
Waits until the objects are gone.

Exit codes:
  0  deleted
  1  at least one object was not found (not with --ignore-not-found)
  2  the question is wrong
  3  there is no such simulation, or Margay failed`;

export function deleteCommand(setExitCode: SetExitCode): Command {
  return new Command('delete')
    .description('Delete the objects of a file, or objects by name.')
    .argument('[kind]', 'kind of the object: singular, plural or short')
    .argument('[names...]', 'names of objects')
    .option('-f, --filename <file>', 'YAML or JSON file, directory, or - for standard input', collect)
    .option('--ignore-not-found', 'an object that is not there is no failure')
    .addOption(namespaceOption())
    .addOption(nameOption())
    .addHelpText('after', HELP)
    .action(async (kind: string | undefined, names: string[], options: DeleteCommandOptions) => {
      const byFile = options.filename !== undefined;
      if (byFile === (kind !== undefined) || (kind !== undefined && names.length === 0)) {
        throw new CliError('BAD_INPUT', 'say either -f FILE, or KIND and NAME');
      }
      const [{ connectApi }, { loadInput }, { deleteObjects }] = await Promise.all([
        import('../api/connect.ts'),
        import('../manifests/load.ts'),
        import('../delete/delete-objects.ts'),
      ]);
      const what = kind === undefined ? loadInput(options.filename ?? []) : { kind, names };
      const allFound = await deleteObjects(await connectApi(options.name), what, options);
      if (!allFound) setExitCode(EXIT.NO);
    });
}
