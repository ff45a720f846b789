import type { ProbeAnswer, ProbeQuestion } from '@margay/sim';
import { Command, Option } from 'commander';
import { CliError, EXIT, type SetExitCode } from '../error.ts';
import { verdictOf } from '../output/matrix.ts';
import { print, printJson } from '../output/print.ts';
import { nameOption, outputOption, PROTOCOLS, podName, wholeNumber } from './options.ts';
import type { ProbeAllOptions } from './probe-all.ts';
import { withSimulation } from './simulation.ts';

interface ProbeOptions extends ProbeAllOptions {
  readonly from?: string;
  readonly to?: string;
  readonly all?: boolean;
}

const HELP = `
One connection:   margay sim probe --from default/a --to default/b --port 80
All pairs:        margay sim probe --all --port 80 --require allowed

A name without a namespace is in the namespace default. A refused connection,
a time-out and an ICMP error count as denied, and the reason says which.
ICMP has no ports: leave --port out there.

Exit codes:
  0  allowed; with --all: measured, and --require is met
  1  denied; with --all: --require is not met
  2  the question is wrong: unknown or not running pod, bad or missing port
  3  there is no such simulation, or Margay failed`;

export function probeCommand(setExitCode: SetExitCode): Command {
  return new Command('probe')
    .description('Try a real connection from a pod, or between all pods.')
    .option('--from <pod>', 'NAMESPACE/POD that connects')
    .option('--to <target>', 'NAMESPACE/POD or address that it connects to')
    .addOption(new Option('--all', 'every pod to every other pod').conflicts(['from', 'to']))
    .option('--port <port>', 'port number; with --all 80 when absent', wholeNumber(1, 65_535))
    .addOption(new Option('--protocol <protocol>', 'what to send').choices(PROTOCOLS).default('tcp'))
    .option('--timeout-ms <milliseconds>', 'how long an answer may take', wholeNumber(1), 1000)
    .option('--parallel <count>', 'with --all: connections at a time', wholeNumber(1))
    .addOption(
      new Option('--require <verdict>', 'with --all: exit with 1 unless all are').choices(['allowed', 'denied']),
    )
    .addOption(nameOption())
    .addOption(outputOption(['text', 'json']))
    .addHelpText('after', HELP)
    .action(async (options: ProbeOptions) => {
      if (options.protocol === 'icmp' && options.port !== undefined) {
        throw new CliError('BAD_INPUT', 'icmp has no ports: leave --port out, or choose another --protocol');
      }
      if (options.all === true) {
        const { probeAll } = await import('./probe-all.ts');
        setExitCode(await probeAll(options));
      } else setExitCode(await probeOne(options));
    });
}

async function probeOne(options: ProbeOptions): Promise<number> {
  const question = await readQuestion(options);
  const answer = await withSimulation(options.name, (simulation) => simulation.probe(question));
  if (options.output === 'json') printJson(probeJson(answer));
  else printAnswer(answer);
  return answer.allowed ? EXIT.DONE : EXIT.NO;
}

async function readQuestion(options: ProbeOptions): Promise<ProbeQuestion> {
  const { from, to, port, protocol, timeoutMs, parallel, require } = options;
  if (from === undefined || to === undefined) {
    throw new CliError('BAD_INPUT', 'say --from NAMESPACE/POD and --to NAMESPACE/POD or ADDRESS, or --all');
  }
  for (const [option, value] of Object.entries({ '--parallel': parallel, '--require': require })) {
    if (value !== undefined) throw new CliError('BAD_INPUT', `${option} goes with --all only`);
  }
  if (port === undefined && protocol !== 'icmp') {
    throw new CliError('BAD_INPUT', `--port is missing: ${protocol} connects to a port, as --port 80`);
  }
  const { tryParseAddress } = await import('@margay/ip');
  return {
    from: podName(from, '--from'),
    to: tryParseAddress(to) === undefined ? podName(to, '--to') : to,
    ...(port !== undefined && { port }),
    protocol,
    timeoutMs,
  };
}

/** Exactly these fields: scripts read them. */
export function probeJson(answer: ProbeAnswer): object {
  const { from, to, address, port, protocol, reason } = answer;
  // To the microsecond: what follows is noise.
  const rttMs = Math.round(answer.rttMs * 1_000) / 1_000;
  return { from, to, address, port, protocol, verdict: verdictOf(answer), reason, rttMs };
}

function printAnswer(answer: ProbeAnswer): void {
  const { from, to, address, port, protocol, allowed, reason, rttMs } = answer;
  const target = to === address ? to : `${to} (${address})`;
  const where = protocol === 'icmp' ? 'icmp' : `${protocol} port ${port}`;
  const detail = allowed ? `${rttMs.toFixed(2)} ms` : reason;
  print(`${from} to ${target}, ${where}: ${verdictOf(answer)}${detail === '' ? '' : ` (${detail})`}`);
}
