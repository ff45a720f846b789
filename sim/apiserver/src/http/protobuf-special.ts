import protobuf from 'protobufjs/minimal.js';

/** A value whose message is one thing in JSON, as a time or a quantity; undefined: absent. */
export interface SpecialValue {
  readonly value: unknown;
}

/** Reads the types that are no objects in JSON; undefined for any other type. */
export function readSpecial(bytes: Uint8Array, type: string): SpecialValue | undefined {
  switch (type.slice(type.lastIndexOf('.') + 1)) {
    case 'Time':
      return { value: timeText(bytes, 0) };
    case 'MicroTime':
      return { value: timeText(bytes, 6) };
    case 'Quantity':
      return { value: readNumbered(bytes).get(1)?.text ?? '0' };
    case 'FieldsV1':
      return { value: parsed(readNumbered(bytes).get(1)?.text) };
    case 'IntOrString': {
      const fields = readNumbered(bytes);
      return { value: fields.get(1)?.number === 1 ? (fields.get(3)?.text ?? '') : (fields.get(2)?.number ?? 0) };
    }
    default:
      return undefined;
  }
}

/** An empty message is how Go writes a time that is absent. */
function timeText(bytes: Uint8Array, digits: 0 | 6): string | undefined {
  const fields = readNumbered(bytes);
  const seconds = fields.get(1)?.number;
  if (seconds === undefined) return undefined;
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  if (digits === 0) return `${text}Z`;
  const micros = Math.floor((fields.get(2)?.number ?? 0) / 1000);
  return `${text}.${String(micros).padStart(6, '0')}Z`;
}

function parsed(text: string | undefined): unknown {
  return text === undefined ? {} : (JSON.parse(text) as unknown);
}

function readNumbered(bytes: Uint8Array): Map<number, { readonly text?: string; readonly number?: number }> {
  const fields = new Map<number, { readonly text?: string; readonly number?: number }>();
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if ((tag & 7) === 0) fields.set(tag >>> 3, { number: Number(reader.int64()) });
    else if ((tag & 7) === 2) fields.set(tag >>> 3, { text: reader.string() });
    else reader.skipType(tag & 7);
  }
  return fields;
}
