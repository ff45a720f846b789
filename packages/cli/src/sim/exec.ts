import { constants } from 'node:os';
import { Writable } from 'node:stream';
import { Command } from 'commander';
import type { SetExitCode } from '../error.ts';
import { printJson } from '../output/print.ts';
import { nameOption, outputOption } from './options.ts';
import { withSimulation } from './simulation.ts';

const HELP = `
As: margay sim exec node-1 -- ip route
    margay sim exec default/a -- ping -c 1 203.0.113.10

-o text passes the command's output on as it comes. -o json waits for the end
and prints one object: {"target","command","exitCode","stdout","stderr"}, the
command as a list and its output as text; bytes that are no UTF-8 become U+FFFD.

Exit codes: that of the command itself, also with -o json; 127 when there is no
such command; 2 when there is no such node or pod; 3 when there is no such
simulation.`;

const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

export function execCommand(setExitCode: SetExitCode): Command {
  return new Command('exec')
    .description("Run a command on a node or in a pod's network.")
    .argument('<target>', 'NODE or NAMESPACE/POD')
    .argument('<command...>', 'the command and its arguments, after --')
    .addOption(nameOption())
    .addOption(outputOption(['text', 'json']))
    .addHelpText('after', HELP)
    .action(async (target: string, command: string[], { name, output }: { name: string; output: string }) => {
      const kept = output === 'json' ? { stdout: new Collector(), stderr: new Collector() } : undefined;
      const exitCode = await runCommand(name, { target, command }, kept ?? process);
      if (kept !== undefined) {
        printJson({ target, command, exitCode, stdout: kept.stdout.text(), stderr: kept.stderr.text() });
      }
      setExitCode(exitCode);
    });
}

function runCommand(
  name: string,
  question: { readonly target: string; readonly command: readonly string[] },
  { stdout, stderr }: { readonly stdout: Writable; readonly stderr: Writable },
): Promise<number> {
  return withSimulation(name, (simulation) =>
    simulation.exec({
      ...question,
      stdin: process.stdin,
      stdout,
      stderr,
      onStarted: (sendSignal) => {
        for (const signal of PASSED_ON) process.on(signal, () => sendSignal(constants.signals[signal]));
      },
    }),
  );
}

/** Keeps what is written to it. */
class Collector extends Writable {
  readonly #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
