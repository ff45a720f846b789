import { describe, expect, it } from 'vitest';
import { parseProtobuf } from './protobuf.ts';

/** One length-delimited field. */
function field(number: number, value: Buffer | string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes]);
}

function message(...fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields);
}

function envelope(kind: string, raw: Buffer, apiVersion = 'v1'): Buffer {
  return message(Buffer.from('k8s\0'), field(1, message(field(1, apiVersion), field(2, kind))), field(2, raw));
}

const metadata = field(1, message(field(1, 'c'), field(3, ''), field(11, message(field(1, 'a'), field(2, 'b')))));

describe('parseProtobuf', () => {
  it('reads names, labels and data; what is empty is absent', () => {
    const data = [field(2, message(field(1, 'k'), field(2, 'v'))), field(2, message(field(1, 'empty'), field(2, '')))];
    const immutable = Buffer.from([4 * 8, 1]);
    expect(parseProtobuf(envelope('ConfigMap', message(metadata, ...data, immutable)))).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', labels: { a: 'b' } },
      data: { k: 'v', empty: '' },
      immutable: true,
    });
  });

  it('reads bytes as base64', () => {
    const secret = message(metadata, field(2, message(field(1, 'k'), field(2, 'v'))), field(3, 'Opaque'));
    expect(parseProtobuf(envelope('Secret', secret))).toMatchObject({ data: { k: 'dg==' }, type: 'Opaque' });
  });

  it('reads the question of kubectl auth can-i', () => {
    const attributes = message(field(1, 'default'), field(2, 'get'), field(3, ''), field(5, 'pods'));
    const review = field(2, field(1, attributes));
    const read = parseProtobuf(envelope('SelfSubjectAccessReview', review, 'authorization.k8s.io/v1'));
    expect(read).toMatchObject({
      spec: { resourceAttributes: { namespace: 'default', verb: 'get', resource: 'pods' } },
    });
    expect(parseProtobuf(envelope('SelfSubjectAccessReview', review))).toBeUndefined();
  });

  it('does not know other kinds', () => {
    expect(parseProtobuf(envelope('Pool', metadata))).toBeUndefined();
  });

  it.each([
    { name: 'another beginning', bytes: Buffer.from('other') },
    { name: 'a field that ends too early', bytes: Buffer.concat([Buffer.from('k8s\0'), Buffer.from([10, 9, 1])]) },
    { name: 'a number that ends too early', bytes: Buffer.concat([Buffer.from('k8s\0'), Buffer.from([0x80])]) },
    { name: 'an unknown wire type', bytes: Buffer.concat([Buffer.from('k8s\0'), Buffer.from([13, 0, 0, 0, 0])]) },
    { name: 'nothing inside', bytes: Buffer.from('k8s\0') },
  ])('refuses $name', ({ bytes }) => {
    expect(() => parseProtobuf(bytes)).toThrow('protobuf');
  });
});
