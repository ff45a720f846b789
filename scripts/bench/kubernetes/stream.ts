import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostCommand } from './host-command.ts';
import type { Started } from './pods.ts';

const PORT = 5201;

export interface Ends {
  readonly name: string;
  readonly clientNetns: string;
  readonly serverNetns: string;
  readonly server: Started;
  readonly signal: AbortSignal;
}

/** A TCP stream between two pods, measured as often as asked. Disposing of it ends the server. */
export class Stream implements AsyncDisposable {
  readonly name: string;
  readonly #ends: Ends;
  readonly #server: ChildProcess;

  private constructor(ends: Ends, server: ChildProcess) {
    this.name = ends.name;
    this.#ends = ends;
    this.#server = server;
  }

  /** Resolves when the server listens. */
  static async open(ends: Ends): Promise<Stream> {
    const argv = [`--net=${ends.serverNetns}`, 'iperf3', '--server', '--port', String(PORT), '--forceflush'];
    const server = spawn('nsenter', argv, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await Promise.race([
      once(server.stdout, 'data'),
      once(server, 'close').then(([code]) => {
        throw new Error(`iperf3 ended with ${String(code)} before it listened: ${said}`);
      }),
    ]);
    server.stdout.resume();
    return new Stream(ends, server);
  }

  /** Gbit/s that arrived. */
  async measure(seconds: number): Promise<number> {
    const { clientNetns, server, signal } = this.#ends;
    const argv = ['iperf3', '--client', server.podIp, '--port', String(PORT), '--time', String(seconds), '--json'];
    const { end } = JSON.parse(await hostCommand(['nsenter', `--net=${clientNetns}`, ...argv], { signal })) as Report;
    return end.sum_received.bits_per_second / 1e9;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.exitCode !== null) return;
    const closed = once(this.#server, 'close');
    this.#server.kill();
    await closed;
  }
}

interface Report {
  readonly end: { readonly sum_received: { readonly bits_per_second: number } };
}
