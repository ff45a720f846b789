import { Command } from 'commander';
import { CliError } from '../error.ts';

/** Commands that the design has and this version has not: refused, so that no script takes silence for an answer. */
export function notYetCommands(): Command[] {
  return ['trace', 'fault'].map((name) =>
    new Command(name)
      .description('not there yet in this version')
      .allowUnknownOption()
      .allowExcessArguments()
      .action(() => {
        throw new CliError('BAD_INPUT', `sim ${name} is not there yet in this version of Margay`);
      }),
  );
}
