import { afterAll, describe, expect, it } from 'vitest';
import { type ApiAnswer, type ApiBody, type ApiMetadata, causesOf, type StatusBody, takeEvents } from './api-client.ts';
import type { ContractContext } from './contract-context.ts';
import { JSON_PATCH, MERGE_PATCH, POOLS, pool } from './manifests.ts';

const condition = (more: object = {}): object => ({
  type: 'Allocatable',
  status: 'True',
  reason: 'Enabled',
  message: '',
  lastTransitionTime: '2026-01-01T00:00:00Z',
  ...more,
});

export function describeCustomStatuses(context: ContractContext): void {
  const call = (method: string, path: string, body?: unknown, type?: string): Promise<ApiAnswer<StatusBody>> =>
    context.api.call(method, path, { body, ...(type !== undefined && { type }) });
  const get = async (path: string): Promise<StatusBody> => (await call('GET', path)).body;
  /** A pool of the test's own, without what earlier tests left. */
  const fresh = async (name: string): Promise<{ readonly path: string; readonly made: StatusBody }> => {
    const { status, body } = await call('POST', POOLS, pool(name, '10.60.0.0/16'));
    expect([status, body.message]).toEqual([201, undefined]);
    names.push(name);
    return { path: `${POOLS}/${name}`, made: body };
  };
  const names: string[] = [];

  describe('a status of a custom kind', () => {
    afterAll(async () => {
      for (const name of names) await call('DELETE', `${POOLS}/${name}`);
    });

    it('is not taken at creation, whatever it is', async () => {
      for (const [index, status] of [{ conditions: [condition()] }, { conditions: 'no list' }, 7].entries()) {
        const answer = await call('POST', `${POOLS}?dryRun=All`, { ...pool(`born-${index}`, '10.60.0.0/16'), status });
        expect([answer.status, answer.body.message]).toEqual([201, undefined]);
        expect(answer.body).not.toHaveProperty('status');
      }
    });

    it('has its unknown fields told though it is not taken', async () => {
      const body = { ...pool('told', '10.60.0.0/16'), status: { phase: 'Good' } };
      const warned = await call('POST', `${POOLS}?dryRun=All`, body);
      expect([warned.status, warned.headers.warning]).toEqual([201, '299 - "unknown field \\"status.phase\\""']);
      const strict = await call('POST', `${POOLS}?dryRun=All&fieldValidation=Strict`, body);
      expect([strict.status, strict.body.message]).toEqual([
        400,
        'IPPool in version "v1" cannot be handled as a IPPool: strict decoding error: unknown field "status.phase"',
      ]);
    });

    it('stays as it is when the rest is written', async () => {
      const { path } = await fresh('rest');
      const status = { conditions: [condition()] };
      const { body: before } = await call('PATCH', `${path}/status`, { status }, MERGE_PATCH);
      const writes: readonly (readonly [method: string, body: object, type?: string])[] = [
        ['PUT', { ...before, status: { conditions: [] } }],
        ['PUT', { ...before, status: undefined }],
        ['PATCH', { status: null }, MERGE_PATCH],
        ['PATCH', { status: { conditions: null } }, MERGE_PATCH],
      ];
      for (const [method, body, type] of writes) {
        const same = await call(method, path, body, type);
        expect([same.status, same.body]).toEqual([200, before]);
      }
      // Of a status that is no status a server may forget who wrote it before, which is a version, but no change.
      for (const wrong of [7, { conditions: 'no list' }]) {
        const same = await call('PATCH', path, { status: wrong }, MERGE_PATCH);
        expect([same.status, same.body.spec, same.body.status]).toEqual([200, before.spec, status]);
      }
      const spec = { ...(before.spec as object), natOutgoing: true };
      const { metadata } = await get(path);
      const changed = await call('PUT', path, { ...before, metadata, spec, status: {} });
      expect([changed.status, changed.body.spec, changed.body.status]).toEqual([200, spec, status]);
    });

    it.each([
      ['PUT', undefined],
      ['PATCH', MERGE_PATCH],
    ])('is all that %s of its path changes', async (method, type) => {
      const name = `alone-${method.toLowerCase()}`;
      const { path, made } = await fresh(name);
      const status = { conditions: [condition()] };
      const metadata = {
        ...made.metadata,
        labels: { a: 'b' },
        annotations: { a: 'b' },
        finalizers: ['example.com/stay'],
        generation: 99,
        creationTimestamp: '2001-01-01T00:00:00Z',
      };
      // Another range would break a rule, and the flag is of a wrong type: neither counts.
      const spec = { cidr: '10.61.0.0/16', natOutgoing: 'yes' };
      const answer = await call(method, `${path}/status`, { ...made, metadata, spec, status }, type);
      expect([answer.status, answer.body.message]).toEqual([200, undefined]);
      const { resourceVersion } = answer.body.metadata;
      expect(resourceVersion).not.toBe(made.metadata.resourceVersion);
      const expected = { ...made, metadata: { ...made.metadata, resourceVersion }, status };
      for (const body of [answer.body, await get(path), await get(`${path}/status`)]) {
        expect(withoutOwners(body)).toEqual(withoutOwners(expected));
      }
    });

    it('is taken away by an object without one', async () => {
      const { path } = await fresh('away');
      const { body } = await call('PATCH', `${path}/status`, { status: { conditions: [condition()] } }, MERGE_PATCH);
      const { status: _, ...without } = body;
      const answer = await call('PUT', `${path}/status`, without);
      expect([answer.status, answer.body.status, answer.body.spec]).toEqual([200, undefined, body.spec]);
    });

    it('that is written as it was keeps the version', async () => {
      const { path } = await fresh('same');
      const status = { conditions: [condition()] };
      const { body } = await call('PATCH', `${path}/status`, { status }, MERGE_PATCH);
      const operations = [{ op: 'replace', path: '/status', value: status }];
      for (const again of [
        await call('PATCH', `${path}/status`, { status }, MERGE_PATCH),
        await call('PATCH', `${path}/status`, operations, JSON_PATCH),
        await call('PUT', `${path}/status`, body),
      ]) {
        expect([again.status, again.body.metadata.resourceVersion]).toEqual([200, body.metadata.resourceVersion]);
      }
    });

    it('is compared and swapped', async () => {
      const { path, made } = await fresh('swap');
      const { resourceVersion } = made.metadata;
      const status = { conditions: [condition()] };
      await call('PATCH', path, { metadata: { labels: { a: 'b' } } }, MERGE_PATCH);
      const answers = [
        await call('PUT', `${path}/status`, { ...made, status }),
        await call('PATCH', `${path}/status`, { metadata: { resourceVersion }, status }, MERGE_PATCH),
        await call('PUT', `${path}/status`, { ...pool('swap', '10.60.0.0/16'), status }),
        await call('PATCH', `${POOLS}/absent/status`, { status }, MERGE_PATCH),
      ];
      expect(answers.map((answer) => [answer.status, answer.body.reason])).toEqual([
        [409, 'Conflict'],
        [409, 'Conflict'],
        [422, 'Invalid'],
        [404, 'NotFound'],
      ]);
      expect(await get(path)).not.toHaveProperty('status');
    });

    it.each([
      ['a missing field', [{ ...condition(), reason: undefined }], 'status.conditions[0].reason FieldValueRequired'],
      ['a value', [condition({ status: 'Perhaps' })], 'status.conditions[0].status FieldValueNotSupported'],
      ['a type', [condition({ message: 7 })], 'status.conditions[0].message FieldValueTypeInvalid'],
      [
        'a time',
        [condition({ lastTransitionTime: 'now' })],
        'status.conditions[0].lastTransitionTime FieldValueTypeInvalid',
      ],
      ['two of one type', [condition(), condition()], 'status.conditions[1] FieldValueDuplicate'],
    ])('is held to the schema: %s', async (name, conditions, cause) => {
      const { path } = await fresh(`held-${name.replaceAll(' ', '-')}`);
      const answer = await call('PATCH', `${path}/status?dryRun=All`, { status: { conditions } }, MERGE_PATCH);
      expect([answer.status, answer.body.reason, causesOf(answer)]).toEqual([422, 'Invalid', [cause]]);
    });

    it('is a change to watches, but no generation', async () => {
      const { path, made } = await fresh('watched');
      const query = `watch=true&timeoutSeconds=20&resourceVersion=${made.metadata.resourceVersion}`;
      const events = context.api.watch(`${POOLS}?${query}&fieldSelector=metadata.name%3Dwatched`);
      await call('PATCH', `${path}/status`, { status: { conditions: [condition()] } }, MERGE_PATCH);
      const [event] = await takeEvents(events, 1);
      await events.return(undefined);
      expect([event?.type, event?.object.metadata.generation]).toEqual(['MODIFIED', 1]);
      expect(event?.object.status).toEqual({ conditions: [condition()] });
    });

    it('is shown in a column', async () => {
      const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
      const { path } = await fresh('shown');
      const cellOf = async (): Promise<unknown> => {
        const { body } = await context.api.call<TableBody>('GET', `${path}/status`, { accept });
        return body.rows[0]?.cells[body.columnDefinitions.findIndex(({ name }) => name === 'Allocatable')];
      };
      const seen = [await cellOf()];
      await call('PATCH', `${path}/status`, { status: { conditions: [condition({ status: 'False' })] } }, MERGE_PATCH);
      expect([...seen, await cellOf()]).toEqual([null, 'False']);
    });

    it('is neither made nor deleted by itself', async () => {
      const { path } = await fresh('part');
      const answers = [await call('POST', `${path}/status`, {}), await call('DELETE', `${path}/status`)];
      expect(answers.map(({ status, body }) => [status, body.reason])).toEqual([
        [405, 'MethodNotAllowed'],
        [405, 'MethodNotAllowed'],
      ]);
      expect((await call('GET', path)).status).toBe(200);
    });
  });
}

/** Who wrote which field is not compared: only servers with server-side apply know. */
function withoutOwners(body: ApiBody): ApiBody {
  return { ...body, metadata: { ...body.metadata, managedFields: undefined } as ApiMetadata };
}

interface TableBody {
  readonly columnDefinitions: readonly { readonly name: string }[];
  readonly rows: readonly { readonly cells: readonly unknown[] }[];
}
