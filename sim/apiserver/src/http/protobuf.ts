import { badRequest } from '../error.ts';

/**
 * Reads the few objects that kubectl sends in Kubernetes' protobuf form whatever
 * the server prefers: those of `kubectl create namespace`, `configmap`, `secret`
 * and `serviceaccount`, and of `kubectl auth`. Field numbers: the `protobuf` marks of Kubernetes'
 * published Go types. All other kinds are answered 415.
 */
export const PROTOBUF_MEDIA_TYPE = 'application/vnd.kubernetes.protobuf';

type FieldType = 'string' | 'number' | 'boolean' | 'base64' | 'time' | Message | { mapOf: 'string' | 'base64' };

interface Message {
  /** Fields by number; a name that ends in [] is a list. */
  readonly [number: number]: readonly [name: string, type: FieldType];
}

const OBJECT_META: Message = {
  1: ['name', 'string'],
  2: ['generateName', 'string'],
  3: ['namespace', 'string'],
  5: ['uid', 'string'],
  6: ['resourceVersion', 'string'],
  7: ['generation', 'number'],
  8: ['creationTimestamp', 'time'],
  11: ['labels', { mapOf: 'string' }],
  12: ['annotations', { mapOf: 'string' }],
  14: ['finalizers[]', 'string'],
};

const REFERENCE: Message = { 1: ['name', 'string'] };

const NON_RESOURCE: Message = { 1: ['path', 'string'], 2: ['verb', 'string'] };

const RESOURCE: Message = {
  1: ['namespace', 'string'],
  2: ['verb', 'string'],
  3: ['group', 'string'],
  4: ['version', 'string'],
  5: ['resource', 'string'],
  6: ['subresource', 'string'],
  7: ['name', 'string'],
};

/** By API version and kind. */
const KINDS: Readonly<Record<string, Message>> = {
  'v1 Namespace': {
    1: ['metadata', OBJECT_META],
    2: ['spec', { 1: ['finalizers[]', 'string'] }],
    3: ['status', { 1: ['phase', 'string'] }],
  },
  'v1 ConfigMap': {
    1: ['metadata', OBJECT_META],
    2: ['data', { mapOf: 'string' }],
    3: ['binaryData', { mapOf: 'base64' }],
    4: ['immutable', 'boolean'],
  },
  'v1 Secret': {
    1: ['metadata', OBJECT_META],
    2: ['data', { mapOf: 'base64' }],
    3: ['type', 'string'],
    4: ['stringData', { mapOf: 'string' }],
    5: ['immutable', 'boolean'],
  },
  'v1 ServiceAccount': {
    1: ['metadata', OBJECT_META],
    3: ['imagePullSecrets[]', REFERENCE],
    4: ['automountServiceAccountToken', 'boolean'],
  },
  'authorization.k8s.io/v1 SelfSubjectAccessReview': {
    1: ['metadata', OBJECT_META],
    2: ['spec', { 1: ['resourceAttributes', RESOURCE], 2: ['nonResourceAttributes', NON_RESOURCE] }],
  },
  'authorization.k8s.io/v1 SelfSubjectRulesReview': {
    1: ['metadata', OBJECT_META],
    2: ['spec', { 1: ['namespace', 'string'] }],
  },
  'authentication.k8s.io/v1 SelfSubjectReview': { 1: ['metadata', OBJECT_META] },
};

/** `k8s` and a zero byte stand before the message runtime.Unknown. */
const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0]);
const ENVELOPE: Message = {
  1: ['typeMeta', { 1: ['apiVersion', 'string'], 2: ['kind', 'string'] }],
  2: ['raw', 'base64'],
};

/** The object; undefined for a kind that is not understood in this form. @throws {ApiError} 400: malformed */
export function parseProtobuf(bytes: Buffer): object | undefined {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC))
    throw badRequest('the body of the request is not Kubernetes protobuf');
  const envelope = readMessage(bytes.subarray(MAGIC.length), ENVELOPE);
  if (envelope.typeMeta === undefined) throw badRequest('the body of the request is not Kubernetes protobuf');
  const { apiVersion, kind } = envelope.typeMeta as { apiVersion?: string; kind?: string };
  const message = KINDS[`${apiVersion ?? ''} ${kind ?? ''}`];
  if (message === undefined) return undefined;
  return { apiVersion, kind, ...readMessage(Buffer.from(String(envelope.raw), 'base64'), message) };
}

function readMessage(bytes: Buffer, message: Message): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const reader = new Reader(bytes);
  while (!reader.done) {
    const { number, value } = reader.field();
    const field = message[number];
    if (field === undefined) continue;
    addField(result, field, value);
  }
  return result;
}

function addField(result: Record<string, unknown>, [name, type]: Message[number], value: Buffer | number): void {
  if (typeof type === 'object' && 'mapOf' in type) {
    const entry = readMessage(value as Buffer, { 1: ['key', 'string'], 2: ['value', type.mapOf] });
    result[name] = { ...(result[name] as object | undefined), [String(entry.key)]: entry.value ?? '' };
    return;
  }
  const read = readValue(type, value);
  // An empty text or time is how Go writes an absent one.
  if (read === '' || read === undefined) return;
  if (name.endsWith('[]')) {
    const list = name.slice(0, -2);
    result[list] = [...((result[list] as unknown[] | undefined) ?? []), read];
  } else result[name] = read;
}

function readValue(type: Exclude<FieldType, { mapOf: unknown }>, value: Buffer | number): unknown {
  if (typeof value === 'number') return type === 'boolean' ? value !== 0 : value;
  if (type === 'string') return value.toString('utf8');
  if (type === 'base64') return value.toString('base64');
  if (type === 'time') {
    const { seconds } = readMessage(value, { 1: ['seconds', 'number'] });
    return typeof seconds === 'number' ? `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z` : undefined;
  }
  if (typeof type === 'object') return readMessage(value, type);
  throw badRequest('the body of the request is malformed protobuf');
}

/** Reads the wire format: varints and length-delimited fields, which is all that these kinds have. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  field(): { number: number; value: Buffer | number } {
    const tag = this.#varint();
    const wireType = tag % 8;
    const number = Math.floor(tag / 8);
    if (wireType === 0) return { number, value: this.#varint() };
    if (wireType !== 2) throw badRequest('the body of the request is malformed protobuf');
    const length = this.#varint();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw badRequest('the body of the request is malformed protobuf');
    const value = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return { number, value };
  }

  #varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw badRequest('the body of the request is malformed protobuf');
      this.#at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  }
}
