import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from './test-support/client.ts';
import { startTestServer, type TestServer } from './test-support/test-server.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';
const TWICE =
  '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","name":"b","labels":{"l":"1","l":"2"}},"data":{"x":"1","x":"2"},"foo":1}';
const YAML = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  name: b\ndata:\n  x: "1"\n  x: "2"\n';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

function post(text: string, fieldValidation: string, type = 'application/json'): Promise<Answer> {
  const query = `dryRun=All&fieldValidation=${fieldValidation}`;
  return server.client.call('POST', `${MAPS}?${query}`, { text, headers: { 'content-type': type } });
}

// The sentences are those of kube-apiserver 1.34.
describe('a field that stands twice', () => {
  it('is refused with Strict, together with unknown fields', async () => {
    const { status, body } = await post(TWICE, 'Strict');
    expect([status, body.message]).toEqual([
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "metadata.name", duplicate field "metadata.labels.l", duplicate field "data.x", unknown field "foo"',
    ]);
  });

  it('is told with Warn, and the last one counts', async () => {
    const { status, body, headers } = await post(TWICE, 'Warn');
    expect([status, body.metadata.name, body.metadata.labels, body.data]).toEqual([201, 'b', { l: '2' }, { x: '2' }]);
    expect(headers.warning).toContain('299 - "duplicate field \\"metadata.name\\""');
    expect(headers.warning).toContain('299 - "unknown field \\"foo\\""');
  });

  it('is taken in silence with Ignore, and the last one counts', async () => {
    const { status, body, headers } = await post(TWICE, 'Ignore');
    expect([status, body.data, headers.warning]).toEqual([201, { x: '2' }, undefined]);
  });

  it('is found in YAML, by line', async () => {
    const strict = await post(YAML, 'Strict', 'application/yaml');
    expect(strict.status).toBe(400);
    expect(strict.body.message).toContain('line 5: key "name" already set in map, line 8: key "x" already set in map');
    const ignored = await post(YAML, 'Ignore', 'application/yaml');
    expect([ignored.status, ignored.body.data]).toEqual([201, { x: '2' }]);
  });

  it.each([
    { type: 'merge-patch', text: '{"data":{"a":"1","a":"2"}}', says: 'duplicate field "data.a"' },
    { type: 'strategic-merge-patch', text: '{"data":{"a":"1"},"data":{}}', says: 'duplicate field "data"' },
    {
      type: 'json-patch',
      text: '[{"op":"add","path":"/data","value":{"a":"1","a":"2"}}]',
      says: 'duplicate field "[0].value.a"',
    },
  ])('is refused in a $type with 422', async ({ type, text, says }) => {
    await server.client.call('POST', MAPS, { body: { metadata: { name: 'patched' } } });
    const headers = { 'content-type': `application/${type}+json` };
    const patch = (mode: string): Promise<Answer> =>
      server.client.call('PATCH', `${MAPS}/patched?dryRun=All&fieldValidation=${mode}`, { text, headers });
    const { status, body } = await patch('Strict');
    expect([status, body.details.causes]).toEqual([
      422,
      [{ reason: 'FieldValueInvalid', field: 'patch', message: `Invalid value: strict decoding error: ${says}` }],
    ]);
    expect((await patch('Ignore')).status).toBe(200);
  });
});

describe('a body that cannot be read', () => {
  it.each([
    ['{"apiVersion":"v1",', 'application/json', 'not valid JSON: the text ends in the middle'],
    ['', 'application/json', 'not valid JSON: the text ends in the middle'],
    ['{"a":1} x', 'application/json', 'line 1, column 9: not valid JSON: "x" cannot stand here'],
    ['{\n "a": 1,\n}', 'application/json', 'line 3, column 1: not valid JSON: "}" cannot stand here'],
    ['{"a":"\\q"}', 'application/json', 'line 1, column 7: not valid JSON: "\\\\" cannot stand here'],
    ['{"a":NaN}', 'application/json', 'not valid JSON: "N" cannot stand here'],
    ["{'a':1}", 'application/json', 'not valid JSON: "\'" cannot stand here'],
    ['a: [1', 'application/yaml', 'not valid YAML: the indentation does not fit what is around it'],
    ['a: 1\n---\nb: 1', 'application/yaml', 'line 2, column 1: not valid YAML: a second document begins here'],
    ['a: *b', 'application/yaml', 'not valid YAML: an alias (*name) has no anchor before it'],
  ])('is answered 400 with the place: %j', async (text, type, says) => {
    for (const mode of ['Strict', 'Ignore']) {
      const { status, body } = await post(text, mode, type);
      expect([status, body.reason]).toEqual([400, 'BadRequest']);
      expect(body.message).toContain(says);
    }
  });

  it.each([
    ['a list', '['.repeat(500_000) + ']'.repeat(500_000)],
    ['an object', `{"metadata":${'{"a":'.repeat(300_000)}1${'}'.repeat(300_000)}}`],
    ['what a patch adds', `{"metadata":{"annotations":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}}`],
  ])('is refused and not the end of the server when it is nested too deeply: %s', async (_, text) => {
    expect((await post(text, 'Strict')).status).toBe(400);
    expect((await server.client.call('GET', MAPS)).status).toBe(200);
  });
});
