import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findKubernetesPrograms, startKubeApiserver } from '@margay/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import type { Schema } from '../schema/schema.ts';
import { RULE_EXAMPLES, type RuleExample } from '../test-support/crd-rule-examples.ts';
import { startTestServer } from '../test-support/test-server.ts';

// The rules of our definitions, on the simulator's server and on Kubernetes' own:
// both accept and refuse the same, in the same words.

const FOLDER = join(import.meta.dirname, '../../../../deploy/chart/crds');
const DEFINITIONS_PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

interface Definition {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly names: { readonly plural: string; readonly kind: string };
    readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

interface Reply {
  readonly status: number;
  readonly body: {
    readonly message?: string;
    readonly reason?: string;
    readonly metadata?: { readonly name?: string; readonly resourceVersion?: string };
    readonly details?: { readonly causes?: readonly { reason: string; field?: string; message: string }[] };
  };
}

interface Server {
  call(method: string, path: string, options?: { readonly body?: unknown }): Promise<Reply>;
  close(): Promise<void>;
}

const definitions = readdirSync(FOLDER).map((file) => parse(readFileSync(join(FOLDER, file), 'utf8')) as Definition);
const programs = findKubernetesPrograms();

/** Every rule's name, as the examples say it, with its message. */
function rulesOf(schema: Schema, place: string): [string, string][] {
  const own = (schema['x-kubernetes-validations'] ?? []).map(({ message = '' }, index): [string, string] => [
    `${place}[${index}]`,
    message,
  ]);
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, child]) => rulesOf(child, `${place}.${name}`));
  const items = schema.items === undefined ? [] : rulesOf(schema.items, `${place}[]`);
  const values =
    typeof schema.additionalProperties === 'object' ? rulesOf(schema.additionalProperties, `${place}.*`) : [];
  return [...own, ...below, ...items, ...values];
}

const messages = new Map(
  definitions.flatMap(({ spec }) =>
    spec.versions.flatMap(({ schema }) => rulesOf(schema.openAPIV3Schema, spec.names.plural)),
  ),
);

function kindOf(plural: string): string {
  return definitions.find(({ spec }) => spec.names.plural === plural)?.spec.names.kind ?? '';
}

function resourceOf({ rule }: RuleExample): { path: string; kind: string } {
  const plural = /^[a-z]+/.exec(rule)?.[0] ?? '';
  return { path: `/apis/networking.margay.dev/v1/${plural}`, kind: kindOf(plural) };
}

function objectOf(example: RuleExample, spec: object, name?: string): { metadata: { name: string }; spec: object } {
  const { kind } = resourceOf(example);
  const byCidr = (spec as { cidr: string }).cidr.replaceAll(/[./]/g, '-');
  const fallback = kind === 'IPAMBlock' ? byCidr : 'example';
  return {
    ...{ apiVersion: 'networking.margay.dev/v1', kind },
    metadata: { name: name ?? fallback },
    spec,
  };
}

/** Sends every spec of an example, and leaves nothing behind. */
async function tryOut(server: Server, example: RuleExample): Promise<{ accepted: Reply[]; refused: Reply }> {
  const { path } = resourceOf(example);
  const { from, accepted, refused, refusedName } = example;
  const before = from === undefined ? undefined : objectOf(example, from);
  const stored = before === undefined ? undefined : await server.call('POST', path, { body: before });
  const send = (spec: object, name?: string): Promise<Reply> => {
    const object = objectOf(example, spec, name);
    if (before === undefined) return server.call('POST', `${path}?dryRun=All`, { body: object });
    const metadata = { name: before.metadata.name, resourceVersion: stored?.body.metadata?.resourceVersion };
    return server.call('PUT', `${path}/${before.metadata.name}?dryRun=All`, { body: { ...object, metadata } });
  };
  try {
    if (stored !== undefined) expect(stored.status).toBe(201);
    const taken: Reply[] = [];
    for (const spec of accepted) taken.push(await send(spec));
    return { accepted: taken, refused: await send(refused, refusedName) };
  } finally {
    if (before !== undefined) await server.call('DELETE', `${path}/${before.metadata.name}`);
  }
}

function causesOf({ body }: Reply): string[] {
  return (body.details?.causes ?? []).map(({ reason, field, message }) => `${field} ${reason} ${message}`).sort();
}

async function startSimulator(): Promise<Server> {
  const { client, close } = await startTestServer();
  return { call: (method, path, options) => client.call(method, path, options) as Promise<Reply>, close };
}

async function startKubernetes(): Promise<Server> {
  if (programs === undefined) throw new Error('kube-apiserver and etcd are not here');
  const { client, close } = await startKubeApiserver(programs);
  for (const definition of definitions) {
    const created = await client.call('POST', DEFINITIONS_PATH, { body: definition });
    expect(created.status, JSON.stringify(created.body)).toBe(201);
  }
  for (const { metadata, spec } of definitions) {
    await vi.waitFor(
      async () => {
        const { status } = await client.call('GET', `/apis/networking.margay.dev/v1/${spec.names.plural}`);
        expect(status, metadata.name).toBe(200);
      },
      { timeout: 20_000, interval: 100 },
    );
  }
  return { call: (method, path, options) => client.call(method, path, options) as unknown as Promise<Reply>, close };
}

it('has an example for every rule of the definitions', () => {
  expect(RULE_EXAMPLES.map(({ rule }) => rule).sort()).toEqual([...messages.keys()].sort());
});

describe.each([
  { name: 'the simulator', start: startSimulator, there: true },
  { name: 'kube-apiserver', start: startKubernetes, there: programs !== undefined },
])('the rules on $name', ({ start, there }) => {
  let server: Server;
  beforeAll(async () => {
    if (there) server = await start();
  });
  afterAll(async () => {
    if (there) await server.close();
  });

  it.skipIf(!there).each(RULE_EXAMPLES)('$rule accepts and refuses its examples', async (example) => {
    const { accepted, refused } = await tryOut(server, example);
    expect(accepted.map(({ status, body }) => (status < 300 ? 'accepted' : body.message))).toEqual(
      example.accepted.map(() => 'accepted'),
    );
    expect([refused.status, refused.body.reason]).toEqual([422, 'Invalid']);
    const said: unknown = expect.stringContaining(messages.get(example.rule) ?? 'no message');
    expect(refused.body.details?.causes).toContainEqual({
      reason: 'FieldValueInvalid',
      field: example.field,
      message: said,
    });
  });
});

describe.skipIf(programs === undefined)('both servers', () => {
  let servers: readonly [Server, Server];
  beforeAll(async () => {
    servers = [await startSimulator(), await startKubernetes()];
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
  });

  it.each(RULE_EXAMPLES)('answer alike to what $rule refuses', async (example) => {
    const [simulator, kubernetes] = await Promise.all(servers.map((server) => tryOut(server, example)));
    expect(causesOf((simulator as { refused: Reply }).refused)).toEqual(
      causesOf((kubernetes as { refused: Reply }).refused),
    );
  });
});
