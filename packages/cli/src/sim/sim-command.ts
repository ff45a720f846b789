import { Command } from 'commander';
import { EXIT_CODES_HELP, type SetExitCode } from '../error.ts';
import { applyCommand } from './apply.ts';
import { captureCommand } from './capture.ts';
import { deleteCommand } from './delete.ts';
import { downCommand } from './down.ts';
import { execCommand } from './exec.ts';
import { getCommand } from './get.ts';
import { notYetCommands } from './not-yet.ts';
import { probeCommand } from './probe.ts';
import { statusCommand } from './status.ts';
import { upCommand } from './up.ts';

/** `margay sim`: one file a subcommand. */
export function createSimCommand(setExitCode: SetExitCode): Command {
  const sim = new Command('sim')
    .description('A whole cluster on this machine: real packets between nodes that are network namespaces.')
    .addHelpText('after', EXIT_CODES_HELP);
  const makers = [
    upCommand,
    downCommand,
    statusCommand,
    applyCommand,
    deleteCommand,
    getCommand,
    probeCommand,
    execCommand,
    captureCommand,
  ];
  for (const make of makers) sim.addCommand(make(setExitCode));
  for (const command of notYetCommands()) sim.addCommand(command, { hidden: true });
  return sim;
}
