import { Command } from 'commander';
import type { DeleteOptions } from '../delete/delete-objects.ts';
import { CliError, type SetExitCode } from '../error.ts';
import { collect, nameOption, namespaceOption, outputOption, positiveNumber, trueOrFalse } from './options.ts';

interface DeleteCommandOptions extends DeleteOptions {
  readonly name: string;
  readonly filename?: readonly string[];
}

const HELP = `
Waits until the objects are gone, at most --timeout seconds for all of them
together; with --wait=false only until the server has taken the request.

-o json prints one object:
  {"deleted": [...], "notFound": [...], "remaining": [...]}
with one {"kind","group","namespace","name"} for each object; group is "" for
Kubernetes' core kinds, and namespace is left out where the kind has none. What
is in "remaining" was deleted but has not gone in time, with its "reason".

Exit codes:
  0  deleted
  1  at least one object was not found (not with --ignore-not-found), or was
     still there when the time was over
  2  the question is wrong
  3  there is no such simulation, or Margay failed`;

export function deleteCommand(setExitCode: SetExitCode): Command {
  return new Command('delete')
    .description('Delete the objects of a file, or objects by name.')
    .argument('[kind]', 'kind of the object: singular, plural or short')
    .argument('[names...]', 'names of objects')
    .option('-f, --filename <file>', 'YAML or JSON file, directory, or - for standard input', collect)
    .option('--ignore-not-found', 'an object that is not there is no failure')
    .option('--wait <true|false>', 'whether to wait until the objects are gone', trueOrFalse, true)
    .option('--timeout <seconds>', 'how long to wait at most', positiveNumber, 60)
    .addOption(namespaceOption())
    .addOption(nameOption())
    .addOption(outputOption(['text', 'json']))
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
      setExitCode(await deleteObjects(await connectApi(options.name), what, options));
    });
}
