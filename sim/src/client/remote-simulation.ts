import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { CallError, duplexStream, type ServiceClient, serverStream, type simV1, unary } from '@margay/wire';
import { SimError } from '../error.ts';
import type { StatePaths } from '../launcher/paths.ts';
import { readProbe, readStatus, wireProtocol } from './decode.ts';
import type {
  CapturePiece,
  CaptureQuestion,
  ExecQuestion,
  ProbeAllQuestion,
  ProbeAnswer,
  ProbeQuestion,
  Simulation,
  SimulationStatus,
  StartProgress,
} from './types.ts';

type Client = ServiceClient<'margay.sim.v1.Simulator'>;
type ExecCall = ReturnType<typeof duplexStream<'margay.sim.v1.Simulator', 'exec'>>;

/** Longest time for an answer of the daemon itself, beside what was asked for. */
const SLACK_MS = 20_000;

/** A simulation behind its daemon's socket. */
export class RemoteSimulation implements Simulation {
  readonly name: string;
  readonly stateDirectory: string;
  readonly kubeconfigPath: string;
  readonly #client: Client;

  constructor(name: string, paths: StatePaths, client: Client) {
    this.name = name;
    this.stateDirectory = paths.directory;
    this.kubeconfigPath = paths.kubeconfig;
    this.#client = client;
  }

  async status(): Promise<SimulationStatus> {
    return readStatus(await this.#ask(() => unary(this.#client, 'getStatus', {}, { timeoutMs: SLACK_MS })));
  }

  async *watchStart(signal?: AbortSignal): AsyncGenerator<StartProgress, void, undefined> {
    for await (const event of this.#stream(() => serverStream(this.#client, 'watchStart', {}, withSignal(signal)))) {
      if (event.event === 'progress') yield { kind: 'progress', text: event.progress ?? '' };
      else if (event.verified) yield { kind: 'verified', answer: readProbe(event.verified) };
      else if (event.ready) yield { kind: 'ready', status: readStatus(event.ready) };
      else if (event.event === 'failed') yield { kind: 'failed', reason: event.failed ?? '' };
    }
  }

  async probe(question: ProbeQuestion): Promise<ProbeAnswer> {
    const { from, to, port = 0, protocol, timeoutMs = 0 } = question;
    const request = { from, to, port, protocol: wireProtocol(protocol), timeoutMs };
    const options = { timeoutMs: SLACK_MS + timeoutMs };
    return readProbe(await this.#ask(() => unary(this.#client, 'probe', request, options)));
  }

  async *probeAll(question: ProbeAllQuestion, signal?: AbortSignal): AsyncGenerator<ProbeAnswer, void, undefined> {
    const { port = 0, protocol, timeoutMs = 0, parallel = 0 } = question;
    const request = { port, protocol: wireProtocol(protocol), timeoutMs, parallel };
    const results = this.#stream(() => serverStream(this.#client, 'probeAll', request, withSignal(signal)));
    for await (const result of results) yield readProbe(result);
  }

  async exec(question: ExecQuestion): Promise<number> {
    const call = duplexStream(this.#client, 'exec', withSignal(question.signal));
    const { target, command, stdin, stdout, stderr } = question;
    return await this.#ask(async () => {
      await call.write({ start: { target, command: [...command] } });
      question.onStarted?.((signal) => void call.write({ signal }).catch(() => undefined));
      const feeding = feed(call, stdin);
      feeding.catch(() => undefined);
      for await (const output of call.responses) {
        if (output.output === 'stdout' && output.stdout) await writeTo(stdout, output.stdout);
        else if (output.output === 'stderr' && output.stderr) await writeTo(stderr, output.stderr);
        else if (output.output === 'exit') return output.exit ?? 0;
      }
      throw new SimError('FAILED', 'the simulation ended before the command did');
    });
  }

  async *capture(question: CaptureQuestion): AsyncGenerator<CapturePiece, void, undefined> {
    const { node, filter = '', count = 0, seconds = 0, form, signal } = question;
    const request: simV1.CaptureRequestInput = {
      node,
      interface: question.interface ?? '',
      filter,
      count,
      seconds,
      asText: form === 'text',
    };
    for await (const piece of this.#stream(() => serverStream(this.#client, 'capture', request, withSignal(signal)))) {
      if (piece.chunk === 'listening') yield { kind: 'listening', interface: piece.listening ?? '' };
      else if (piece.chunk === 'text') yield { kind: 'text', line: piece.text ?? '' };
      else if (piece.pcap) yield { kind: 'pcap', bytes: piece.pcap };
    }
  }

  close(): void {
    this.#client.close();
  }

  async *#stream<T>(open: () => AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    try {
      yield* open();
    } catch (error) {
      throw this.#toSimError(error);
    }
  }

  async #ask<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw this.#toSimError(error);
    }
  }

  #toSimError(error: unknown): unknown {
    if (!(error instanceof CallError)) return error;
    if (error.status === 'INVALID_ARGUMENT') return new SimError('BAD_QUESTION', error.message, { cause: error });
    if (error.status === 'UNAVAILABLE') {
      return new SimError('NOT_RUNNING', `simulation '${this.name}' does not answer: it is not running`, {
        cause: error,
      });
    }
    return new SimError('FAILED', error.message, { cause: error });
  }
}

async function feed(call: ExecCall, stdin: ExecQuestion['stdin']): Promise<void> {
  if (stdin !== undefined) for await (const chunk of stdin) await call.write({ stdin: chunk as Buffer });
  await call.write({ stdinClosed: true });
}

async function writeTo(stream: Writable, bytes: Uint8Array): Promise<void> {
  if (!stream.write(bytes)) await once(stream, 'drain');
}

function withSignal(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
