import { Command, Option } from 'commander';
import { EXIT, type SetExitCode } from '../error.ts';
import type { GetOptions } from '../get/get-objects.ts';
import { nameOption, namespaceOption, outputOption } from './options.ts';

interface GetCommandOptions extends GetOptions {
  readonly name: string;
}

const HELP = `
KIND is singular, plural or short, in any case: pod, Pods, po,
ippools.networking.margay.dev.

Exit codes:
  0  found; also when there is no object of that kind
  1  there is no object of that name
  2  the question is wrong: no such kind
  3  there is no such simulation, or Margay failed`;

export function getCommand(setExitCode: SetExitCode): Command {
  return new Command('get')
    .description('Show objects.')
    .argument('<kind>', 'kind of the objects')
    .argument('[object]', 'name of one object')
    .addOption(namespaceOption())
    .addOption(new Option('-A, --all-namespaces', 'objects of all namespaces').conflicts('namespace'))
    .addOption(nameOption())
    .addOption(outputOption(['table', 'wide', 'json', 'yaml', 'name']))
    .addHelpText('after', HELP)
    .action(async (kind: string, object: string | undefined, options: GetCommandOptions) => {
      const [{ connectApi }, { getObjects }] = await Promise.all([
        import('../api/connect.ts'),
        import('../get/get-objects.ts'),
      ]);
      const api = await connectApi(options.name);
      const found = await getObjects(api, { kind, ...(object !== undefined && { name: object }) }, options);
      if (!found) setExitCode(EXIT.NO);
    });
}
