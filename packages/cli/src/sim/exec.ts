import { constants } from 'node:os';
import { Command } from 'commander';
import type { SetExitCode } from '../program.ts';
import { nameOption } from './options.ts';
import { withSimulation } from './simulation.ts';

const HELP = `
As: margay sim exec node-1 -- ip route
    margay sim exec default/a -- ping -c 1 203.0.113.10

Exit codes: that of the command itself; 127 when there is no such command;
2 when there is no such node or pod; 3 when there is no such simulation.`;

const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

export function execCommand(setExitCode: SetExitCode): Command {
  return new Command('exec')
    .description("Run a command on a node or in a pod's network.")
    .argument('<target>', 'NODE or NAMESPACE/POD')
    .argument('<command...>', 'the command and its arguments, after --')
    .addOption(nameOption())
    .addHelpText('after', HELP)
    .action(async (target: string, command: string[], { name }: { name: string }) => {
      setExitCode(
        await withSimulation(name, (simulation) =>
          simulation.exec({
            target,
            command,
            stdin: process.stdin,
            stdout: process.stdout,
            stderr: process.stderr,
            onStarted: (sendSignal) => {
              for (const signal of PASSED_ON) process.on(signal, () => sendSignal(constants.signals[signal]));
            },
          }),
        ),
      );
    });
}
