/**
 * What the plugin executable and the node agent say to each other: one
 * request and one reply a connection, on a unix socket.
 *
 *     request = length u32, version u8, { "CNI_X=value" NUL }, NUL, stdin
 *     reply   = length u32, version u8, exit code u8, stdout
 *
 * `length` is big-endian and counts the bytes after it. The environment is
 * every variable whose name starts with `CNI_`; values cannot hold a NUL.
 * The plugin keeps the connection open until the reply: when it closes,
 * nobody waits for the answer any more.
 */

/** Changes when either frame does; both sides refuse another version than their own. */
export const PROTOCOL_VERSION = 1;
export const DEFAULT_SOCKET_PATH = '/run/margay/cni.sock';
/** Bytes of network configuration that the plugin takes from its standard input. */
export const MAX_STDIN_BYTES = 1 << 20;
/** Bytes of all `CNI_` variables together, each with its NUL. */
export const MAX_ENVIRONMENT_BYTES = 64 << 10;
export const MAX_STDOUT_BYTES = 4 << 20;
export const LENGTH_BYTES = 4;

/** CNI versions that the plugin speaks. Source: CNI specification 1.1.0, "VERSION". */
export const SUPPORTED_CNI_VERSIONS = ['0.3.1', '0.4.0', '1.0.0', '1.1.0'] as const;

export interface CniRequest {
  /** `CNI_COMMAND`, `CNI_CONTAINERID` and so on. Runtimes set unused ones to '', which means the same as absent. */
  readonly environment: Readonly<Record<string, string>>;
  /** The network configuration as the runtime wrote it: JSON, not yet parsed. */
  readonly stdin: string;
}

export interface CniReply {
  /** 0 to 255; 0 is success. */
  readonly exitCode: number;
  /** The result, or error, JSON. */
  readonly stdout: string;
}

export type CniProtocolErrorCode = 'MALFORMED' | 'TOO_LONG' | 'VERSION';

/** Branch on `code`; `message` is for people and may change. */
export class CniProtocolError extends Error {
  override readonly name = 'CniProtocolError';
  readonly code: CniProtocolErrorCode;

  constructor(code: CniProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const MAX_REQUEST_BYTES = 1 + MAX_ENVIRONMENT_BYTES + 1 + MAX_STDIN_BYTES;

export function encodeRequest({ environment, stdin }: CniRequest): Buffer {
  const entries = Object.entries(environment).map(([name, value]) => `${name}=${value}\0`);
  return frame(Buffer.concat([Buffer.of(PROTOCOL_VERSION), Buffer.from(`${entries.join('')}\0`), Buffer.from(stdin)]));
}

export function encodeReply({ exitCode, stdout }: CniReply): Buffer {
  return frame(Buffer.concat([Buffer.of(PROTOCOL_VERSION, exitCode), Buffer.from(stdout)]));
}

/**
 * Bytes of the whole request frame that starts with `head`; undefined while
 * the length itself is incomplete.
 *
 * @throws {CniProtocolError} `TOO_LONG`
 */
export function requestFrameBytes(head: Buffer): number | undefined {
  if (head.length < LENGTH_BYTES) return undefined;
  const length = head.readUInt32BE(0);
  if (length > MAX_REQUEST_BYTES) {
    throw new CniProtocolError('TOO_LONG', `a request of ${length} bytes is longer than ${MAX_REQUEST_BYTES}`);
  }
  return LENGTH_BYTES + length;
}

/**
 * Decodes one whole request frame.
 *
 * @throws {CniProtocolError} `VERSION`, `MALFORMED`
 */
export function decodeRequest(bytes: Buffer): CniRequest {
  const body = bytes.subarray(LENGTH_BYTES);
  if (body[0] !== PROTOCOL_VERSION) {
    throw new CniProtocolError(
      'VERSION',
      `the plugin speaks protocol version ${body[0]}, the agent ${PROTOCOL_VERSION}`,
    );
  }
  const environment: Record<string, string> = {};
  let start = 1;
  for (;;) {
    const end = body.indexOf(0, start);
    if (end === -1) throw new CniProtocolError('MALFORMED', 'the environment of the request has no end');
    if (end === start) break;
    const entry = body.toString('utf8', start, end);
    const equals = entry.indexOf('=');
    if (!entry.startsWith('CNI_') || equals === -1) {
      throw new CniProtocolError('MALFORMED', `'${entry.slice(0, 40)}' is not a CNI variable`);
    }
    environment[entry.slice(0, equals)] = entry.slice(equals + 1);
    start = end + 1;
  }
  return { environment, stdin: body.toString('utf8', start + 1) };
}

/**
 * Decodes one whole reply frame.
 *
 * @throws {CniProtocolError} `VERSION`, `MALFORMED`
 */
export function decodeReply(bytes: Buffer): CniReply {
  const body = bytes.subarray(LENGTH_BYTES);
  if (bytes.length < LENGTH_BYTES + 2 || body.length !== bytes.readUInt32BE(0)) {
    throw new CniProtocolError('MALFORMED', 'the reply is not one whole frame');
  }
  if (body[0] !== PROTOCOL_VERSION) throw new CniProtocolError('VERSION', `the reply has version ${body[0]}`);
  return { exitCode: body[1] ?? 0, stdout: body.toString('utf8', 2) };
}

function frame(body: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}
