import { findKubernetesPrograms, startKubeApiserver } from '@margay/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  BEFORE,
  CHANGED,
  definition,
  GROWS,
  NEW,
  REFUSED,
  SAMPLE_SPEC,
  STATUS,
  sample,
} from '../test-support/cel-rule-samples.ts';
import { startTestServer } from '../test-support/test-server.ts';

// Rules in CEL as such, by a kind made for it, on both servers.

const programs = findKubernetesPrograms();
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const SAMPLES = '/apis/test.margay.dev/v1/samples';

interface Reply {
  readonly status: number;
  readonly body: {
    readonly message?: string;
    readonly metadata?: { readonly resourceVersion?: string };
    readonly details?: { readonly causes?: readonly { reason: string; field?: string; message: string }[] };
  };
}

type Call = (method: string, path: string, body?: unknown) => Promise<Reply>;

interface Server {
  readonly call: Call;
  readonly close: () => Promise<void>;
}

async function startSimulator(): Promise<Server> {
  const { client, close } = await startTestServer();
  return { call: (method, path, body) => client.call(method, path, { body }) as Promise<Reply>, close };
}

async function startKubernetes(): Promise<Server> {
  if (programs === undefined) throw new Error('kube-apiserver and etcd are not here');
  const { client, close } = await startKubeApiserver(programs);
  const call: Call = (method, path, body) => client.call(method, path, { body }) as unknown as Promise<Reply>;
  return { call, close };
}

async function define({ call }: Server): Promise<void> {
  const created = await call('POST', DEFINITIONS, definition('samples', SAMPLE_SPEC, { status: STATUS }));
  expect(created.status, created.body.message).toBe(201);
  await vi.waitFor(async () => expect((await call('GET', SAMPLES)).status).toBe(200), {
    timeout: 20_000,
    interval: 100,
  });
}

function outcome({ status, body }: Reply): object {
  const causes = (body.details?.causes ?? []).map(({ field, reason, message }) => `${field} ${reason} ${message}`);
  return { status, causes: causes.sort() };
}

describe.skipIf(programs === undefined)('rules on both servers', () => {
  let servers: readonly Server[];
  const onBoth = async (work: (server: Server) => Promise<object>): Promise<[object, object]> => {
    const [simulator, kubernetes] = await Promise.all(servers.map(work));
    return [simulator as object, kubernetes as object];
  };
  beforeAll(async () => {
    servers = [await startSimulator(), await startKubernetes()];
    await Promise.all(servers.map(define));
  });
  afterAll(async () => {
    await Promise.all(servers.map(({ close }) => close()));
  });

  it.each(NEW)('answer alike to a new object that $name', async ({ spec }) => {
    const [simulator, kubernetes] = await onBoth(async ({ call }) =>
      outcome(await call('POST', `${SAMPLES}?dryRun=All`, sample(spec))),
    );
    expect(simulator).toEqual(kubernetes);
  });

  it.each(CHANGED)('answer alike to a change that $name', async ({ spec }) => {
    const [simulator, kubernetes] = await onBoth(async ({ call }) => {
      const created = await call('POST', SAMPLES, sample(BEFORE, 'changed'));
      const { resourceVersion } = created.body.metadata ?? {};
      const object = { ...sample(spec), metadata: { name: 'changed', resourceVersion } };
      const answer = await call('PUT', `${SAMPLES}/changed?dryRun=All`, object);
      await call('DELETE', `${SAMPLES}/changed`);
      return { created: created.status, ...outcome(answer) };
    });
    expect(simulator).toEqual(kubernetes);
  });

  it('answer alike to a status that breaks a rule, and to one that is as it was', async () => {
    const [simulator, kubernetes] = await onBoth(async ({ call }) => {
      const { metadata } = (await call('POST', SAMPLES, sample({}, 'status'))).body;
      const { resourceVersion } = metadata ?? {};
      const withStatus = (ready: number): object => ({
        ...sample({}),
        metadata: { name: 'status', resourceVersion },
        status: { ready },
      });
      return [
        outcome(await call('PUT', `${SAMPLES}/status/status?dryRun=All`, withStatus(5))),
        outcome(await call('PUT', `${SAMPLES}/status/status?dryRun=All`, withStatus(2))),
      ];
    });
    expect(simulator).toEqual(kubernetes);
  });

  it('do not judge again what an update leaves as it was', async () => {
    const [simulator, kubernetes] = await onBoth(async ({ call }) => {
      const loose = {
        type: 'object',
        properties: { text: { type: 'string', maxLength: 9 }, other: { type: 'string' } },
      };
      const rule = { rule: "self == 'right'", message: 'must be right' };
      const strict = {
        ...loose,
        properties: { ...loose.properties, text: { ...loose.properties.text, 'x-kubernetes-validations': [rule] } },
      };
      const path = '/apis/test.margay.dev/v1/ratchets';
      const one = { apiVersion: 'test.margay.dev/v1', kind: 'Ratchet', metadata: { name: 'one' } };
      await call('POST', DEFINITIONS, definition('ratchets', loose));
      await vi.waitFor(async () => expect((await call('GET', path)).status).toBe(200), {
        timeout: 20_000,
        interval: 100,
      });
      await call('POST', path, { ...one, spec: { text: 'wrong' } });
      const name = `${DEFINITIONS}/ratchets.test.margay.dev`;
      const stored = await call('GET', name);
      const changed = { ...definition('ratchets', strict), metadata: stored.body.metadata };
      expect((await call('PUT', name, changed)).status).toBe(200);
      const refused = { ...one, metadata: { name: 'two' }, spec: { text: 'wrong' } };
      await vi.waitFor(async () => expect((await call('POST', `${path}?dryRun=All`, refused)).status).toBe(422), {
        timeout: 20_000,
        interval: 100,
      });
      const { metadata } = (await call('GET', `${path}/one`)).body;
      const put = async (spec: object): Promise<object> =>
        outcome(await call('PUT', `${path}/one?dryRun=All`, { ...one, metadata, spec }));
      return [await put({ text: 'wrong', other: 'new' }), await put({ text: 'worse' })];
    });
    expect(simulator).toEqual(kubernetes);
  });

  it.each(REFUSED)('refuse a definition whose rule has $name', async ({ rule }) => {
    const spec = {
      type: 'object',
      'x-kubernetes-validations': [rule],
      properties: { text: { type: 'string', maxLength: 9 }, number: { type: 'integer' } },
    };
    const [simulator, kubernetes] = await onBoth(async ({ call }) => {
      const { status, body } = await call('POST', DEFINITIONS, definition('refuseds', spec));
      // The engines explain a fault each in its own words, at the same place.
      const fields = (body.details?.causes ?? []).map(({ field = '' }) => field.replace(/^.*openAPIV3Schema/, ''));
      return { status, fields: [...new Set(fields)] };
    });
    expect(kubernetes).toMatchObject({ status: 422 });
    expect(simulator).toEqual(kubernetes);
  });

  it('refuse a rule about changes of an item that cannot be found again', async () => {
    const spec = { type: 'array', maxItems: 3, items: { type: 'integer', 'x-kubernetes-validations': GROWS } };
    const [simulator, kubernetes] = await onBoth(async ({ call }) => {
      const { status } = await call('POST', DEFINITIONS, definition('uncorrelateds', spec));
      return { status };
    });
    expect([simulator, kubernetes]).toEqual([{ status: 422 }, { status: 422 }]);
  });
});

describe("rules on the simulator's server", () => {
  it.each([
    { rule: 'quantity(self) == quantity(self)', says: 'quantity()' },
    { rule: "self.matches('(?!a)b')", says: 'RE2' },
    { rule: "self.find('a') == 'a'", says: 'find()' },
  ])('refuse what it cannot evaluate as Kubernetes does: $rule', async ({ rule, says }) => {
    const server = await startSimulator();
    try {
      const spec = { type: 'string', maxLength: 9, 'x-kubernetes-validations': [{ rule }] };
      const { status, body } = await server.call('POST', DEFINITIONS, definition('unsupporteds', spec));
      expect([status, body.message]).toEqual([422, expect.stringContaining(says)]);
    } finally {
      await server.close();
    }
  });
});
