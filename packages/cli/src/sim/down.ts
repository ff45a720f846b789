import { Command } from 'commander';
import { EXIT_CODES_HELP } from '../error.ts';
import { print, printJson } from '../output/print.ts';
import { type NameOption, nameOption, outputOption } from './options.ts';

export function downCommand(): Command {
  return new Command('down')
    .description('Take a simulation down. Nothing of it is left on the machine.')
    .addOption(nameOption())
    .addOption(outputOption(['text', 'json']))
    .addHelpText('after', EXIT_CODES_HELP)
    .action(async ({ name, output }: NameOption & { output: string }) => {
      const { down } = await import('@margay/sim');
      const wasThere = await down(name);
      if (output === 'json') printJson({ name, wasUp: wasThere });
      else
        print(wasThere ? `Simulation '${name}' is down.` : `There is no simulation '${name}': nothing to take down.`);
    });
}
