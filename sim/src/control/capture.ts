import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { CallError, type MessageWriter, type simV1 } from '@margay/wire';
import { spawnChild } from '../daemon/children.ts';
import { readWire } from './capture/wire-reader.ts';
import type { Places } from './places.ts';

const DEFAULT_SECONDS = 10;

/** Shows what is on the wire of a node, by tcpdump, until the count or the time is reached. */
export async function runCapture(
  places: Places,
  request: simV1.CaptureRequest,
  writer: MessageWriter<simV1.CaptureChunkInput>,
  context: { readonly signal: AbortSignal; readonly env: Readonly<Record<string, string>> },
): Promise<void> {
  const device = request.interface || places.underlayOf(request.node);
  const filter = request.filter.trim() === '' ? [] : ['--', request.filter];
  await checkQuestion(places, request.node, { device, filter, env: context.env });
  const seconds = request.seconds > 0 ? request.seconds : request.count > 0 ? undefined : DEFAULT_SECONDS;
  const count = request.count > 0 ? ['-c', String(request.count)] : [];
  const reader = readWire((command) => places.onNode(request.node, command), {
    device,
    form: [...(request.asText ? ['-l'] : ['-U', '-w', '-']), ...count],
    filter,
    env: context.env,
    // The client may be gone already; then the signal ends the capture.
    onListening: () => void writer.write({ listening: device }).catch(() => undefined),
  });
  const timer = seconds === undefined ? undefined : setTimeout(reader.stop, seconds * 1_000);
  context.signal.addEventListener('abort', reader.stop, { once: true });
  let code: number | null | undefined;
  try {
    await forward(reader.output, request.asText, writer);
    code = await reader.ended;
    if (code !== 0 && code !== null) throw new CallError('INTERNAL', `tcpdump failed: ${lastLine(reader.complaint())}`);
  } finally {
    clearTimeout(timer);
    context.signal.removeEventListener('abort', reader.stop);
    if (code === undefined) reader.kill();
  }
}

/** tcpdump itself says whether the interface and the filter are right, before anything is captured. */
async function checkQuestion(
  places: Places,
  node: string,
  {
    device,
    filter,
    env,
  }: { readonly device: string; readonly filter: readonly string[]; readonly env: Readonly<Record<string, string>> },
): Promise<void> {
  const child = spawnChild(places.onNode(node, ['tcpdump', '-d', '-i', device, ...filter]), {
    cwd: '/',
    env: { ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const complaint = collect(child.stderr);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 127)
    throw new CallError('FAILED_PRECONDITION', 'the program tcpdump is missing: install the package tcpdump');
  if (code === 0) return;
  const reason = lastLine(complaint()).replace(/^tcpdump: /, '');
  if (/no such device/i.test(reason)) {
    throw new CallError(
      'INVALID_ARGUMENT',
      `node ${node} has no interface '${device}'; margay sim exec ${node} -- ip link shows what it has`,
    );
  }
  throw new CallError('INVALID_ARGUMENT', `the filter is wrong: ${reason}`);
}

async function forward(
  output: Readable,
  asText: boolean,
  writer: MessageWriter<simV1.CaptureChunkInput>,
): Promise<void> {
  if (asText) {
    for await (const text of createInterface({ input: output })) await writer.write({ text });
  } else {
    for await (const pcap of output) await writer.write({ pcap: pcap as Buffer });
  }
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-4_096);
  });
  return () => text;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
