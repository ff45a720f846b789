import { once } from 'node:events';
import type { CapturePiece } from '@margay/sim';
import { Command } from 'commander';
import { CliError } from '../error.ts';
import { note } from '../output/print.ts';
import { nameOption, outputOption, positiveNumber, wholeNumber } from './options.ts';
import { interruption, withSimulation } from './simulation.ts';

interface CaptureOptions {
  readonly name: string;
  readonly interface?: string;
  readonly filter?: string;
  readonly count?: number;
  readonly seconds?: number;
  readonly output: string;
}

const HELP = `
Ends after --count packets or --seconds, whichever comes first; without both
after 10 seconds; or with Ctrl-C. -o json prints one object for each packet,
-o pcap the bytes of a capture file.

Exit codes:
  0  the capture has ended, also with no packet
  2  the question is wrong: no such node or interface, bad filter
  3  there is no such simulation, or Margay failed`;

export function captureCommand(): Command {
  return new Command('capture')
    .description('Show what is on the wire of a node.')
    .argument('<node>', 'name of the node')
    .option('--interface <interface>', "the node's interface; its link to the fabric when absent")
    .option('--filter <filter>', 'which packets, in the language of pcap, as: proto 4')
    .option('--count <count>', 'end after so many packets', wholeNumber(1))
    .option('--seconds <seconds>', 'end after so many seconds', positiveNumber)
    .addOption(nameOption())
    .addOption(outputOption(['text', 'json', 'pcap']))
    .addHelpText('after', HELP)
    .action(capture);
}

async function capture(node: string, options: CaptureOptions): Promise<void> {
  const { name, filter, count, seconds, output } = options;
  if (output === 'pcap' && process.stdout.isTTY) {
    throw new CliError('BAD_INPUT', '-o pcap is not for a terminal: write it to a file with > FILE');
  }
  const interrupted = interruption();
  try {
    await withSimulation(name, async (simulation) => {
      const pieces = simulation.capture({
        node,
        ...(options.interface !== undefined && { interface: options.interface }),
        ...(filter !== undefined && { filter }),
        ...(count !== undefined && { count }),
        ...(seconds !== undefined && { seconds }),
        form: output === 'pcap' ? 'pcap' : 'text',
        signal: interrupted.signal,
      });
      for await (const piece of pieces) {
        // tcpdump ends an unfinished line when it is stopped.
        if (piece.kind === 'listening') {
          note(`listening on ${piece.interface} of ${node}`);
          continue;
        }
        if (piece.kind === 'text' && piece.line === '') continue;
        if (!process.stdout.write(bytesOf(piece, output))) await once(process.stdout, 'drain');
      }
    });
  } catch (error) {
    // Ctrl-C is one of the ways to end it.
    if (!interrupted.signal.aborted) throw error;
  } finally {
    interrupted.stop();
  }
}

function bytesOf(piece: Exclude<CapturePiece, { kind: 'listening' }>, output: string): Uint8Array | string {
  if (piece.kind === 'pcap') return piece.bytes;
  return output === 'json' ? `${JSON.stringify(packetJson(piece.line))}\n` : `${piece.line}\n`;
}

/** A line begins with the time of day, as `12:00:00.000001 IP …`. */
export function packetJson(line: string): { readonly time: string; readonly text: string } {
  const match = /^(\d{2}:\d{2}:\d{2}\.\d+) (.*)$/s.exec(line);
  return { time: match?.[1] ?? '', text: match?.[2] ?? line };
}
