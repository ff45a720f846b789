import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { EXIT_CODES_HELP, type SetExitCode } from './error.ts';
import { createSimCommand } from './sim/sim-command.ts';

/** All of the command line. What a command needs beyond its options is loaded when it runs. */
export function createProgram(setExitCode: SetExitCode): Command {
  const program = new Command('margay')
    .description('Margay: networking and network policy for Kubernetes.')
    .version(readVersion(), '--version', 'print the version')
    .addCommand(createSimCommand(setExitCode))
    .addHelpText('after', `${EXIT_CODES_HELP}\n\nStart with: margay sim up`);
  forEachCommand(program, (command) => {
    command
      .helpOption('-h, --help', 'print this help')
      .exitOverride()
      .showHelpAfterError(`See ${pathOf(command)} --help.`)
      .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'margay: ')) });
    if (command.commands.length > 0) command.helpCommand(false);
  });
  return program;
}

function forEachCommand(command: Command, act: (command: Command) => void): void {
  act(command);
  for (const child of command.commands) forEachCommand(child, act);
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function readVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
