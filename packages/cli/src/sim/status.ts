import type { SimulationStatus } from '@margay/sim';
import { Command } from 'commander';
import { EXIT, type SetExitCode } from '../error.ts';
import { alignColumns } from '../output/columns.ts';
import { note, print, printJson } from '../output/print.ts';
import { type NameOption, nameOption, outputOption } from './options.ts';
import { withSimulation } from './simulation.ts';

const HELP = `
Process numbers are those that this machine sees, so that they can be signalled.

Exit codes:
  0  up and ready
  1  not up, or not ready
  2  the question is wrong
  3  Margay failed`;

export function statusCommand(setExitCode: SetExitCode): Command {
  return new Command('status')
    .description('Say whether a simulation is up and ready, with its nodes, pods and processes.')
    .addOption(nameOption())
    .addOption(outputOption(['text', 'json']))
    .addHelpText('after', HELP)
    .action(async ({ name, output }: NameOption & { output: string }) => {
      const status = await readStatus(name);
      if (status === undefined) {
        if (output === 'json') printJson({ name, ready: false, nodes: [], processes: [] });
        else print(`Simulation '${name}' is not up. Start it with: margay sim up --name ${name}`);
        setExitCode(EXIT.NO);
        return;
      }
      if (output === 'json') printJson(status);
      else printStatus(status);
      if (!status.ready) setExitCode(EXIT.NO);
    });
}

/** Undefined when it is not up. */
async function readStatus(name: string): Promise<SimulationStatus | undefined> {
  const { SimError } = await import('@margay/sim');
  try {
    return await withSimulation(name, (simulation) => simulation.status());
  } catch (error) {
    if (error instanceof SimError && error.code === 'NOT_RUNNING') return undefined;
    throw error;
  }
}

function printStatus(status: SimulationStatus): void {
  const { name, ready, mode, profile, kubeconfig, nodes, processes, waitingFor } = status;
  print(`Simulation '${name}' (${profile}, ${mode}) is ${ready ? 'ready' : 'not ready yet'}.`);
  for (const line of waitingFor) note(`  ${line}`);
  print(`kubeconfig: ${kubeconfig}\n`);
  for (const line of nodeLines(nodes)) print(line);
  print('');
  for (const line of alignColumns([
    ['PROCESS', 'ROLE', 'NODE', 'PID', 'RESTARTS', 'MEMORY'],
    ...processes.map((one) => [
      one.name,
      one.role,
      one.node === '' ? '-' : one.node,
      one.pid === 0 ? 'down' : String(one.pid),
      String(one.restarts),
      `${Math.round(one.rssBytes / 1_048_576)} MiB`,
    ]),
  ])) {
    print(line);
  }
}

/** Nodes with their pods below them. */
export function nodeLines(nodes: SimulationStatus['nodes']): string[] {
  return alignColumns([
    ['NODE', 'ADDRESS', 'READY', 'POD', 'ADDRESS', 'PHASE'],
    ...nodes.flatMap(({ name, address, ready, pods }) => {
      const head = [name, address, ready ? 'yes' : 'no'];
      const podCells = pods.map((pod) => [pod.name, pod.address === '' ? '-' : pod.address, pod.phase]);
      const [first, ...others] = podCells;
      return [[...head, ...(first ?? ['-', '-', '-'])], ...others.map((cells) => ['', '', '', ...cells])];
    }),
  ]);
}
