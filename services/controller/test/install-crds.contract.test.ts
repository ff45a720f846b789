import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createThinTransport } from '@margay/kube';
import { systemClock } from '@margay/runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DefinitionApi } from '../src/crds/definition-api.ts';
import { deleteDefinitions } from '../src/crds/install-definitions.ts';
import { readDefinitions } from '../src/crds/manifests.ts';
import { API_SERVERS, type Ended, runProgram, type TestServer, TOKEN, writeKubeconfig } from './api-servers.ts';

const PROGRAM = join(import.meta.dirname, '../src/crds/main.ts');
const MANIFESTS = join(import.meta.dirname, '../../../deploy/chart/crds');
const COLLECTION = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const POOLS = 'ippools.networking.margay.dev';
const NAMES = ['blockaffinities.networking.margay.dev', 'ipamblocks.networking.margay.dev', POOLS];

interface Definition {
  metadata: { resourceVersion: string; labels?: Record<string, string>; uid: string };
  spec: { versions: { name: string; schema: { openAPIV3Schema: { description?: string } } }[] };
  status: { storedVersions: string[] };
}

function linesOf(what: string): string {
  return NAMES.map((name) => `${name}: ${what}\n`).join('');
}

describe.each(API_SERVERS)('install-crds on $name', ({ start, there }) => {
  let server: TestServer;
  let folder: string;
  let kubeconfig: string;
  const install = (...args: readonly string[]): Promise<Ended> =>
    runProgram(PROGRAM, `--kubeconfig=${kubeconfig}`, ...args);
  /** As the uninstall does; what it printed. */
  const remove = async (): Promise<string> => {
    const signal = AbortSignal.timeout(30_000);
    const lines: string[] = [];
    await deleteDefinitions({
      api: new DefinitionApi({ transport: createThinTransport({ kubeconfig }), signal }),
      definitions: readDefinitions(MANIFESTS),
      clock: systemClock,
      signal,
      print: (line) => lines.push(`${line}\n`),
    });
    return lines.join('');
  };
  const call = async (method: 'GET' | 'PUT', path: string, body?: object): Promise<Definition> => {
    const response = await createThinTransport({ kubeconfig }).send({
      method,
      path,
      signal: AbortSignal.timeout(10_000),
      ...(body !== undefined && { body: { type: 'application/json', text: JSON.stringify(body) } }),
    });
    const text = await response.text();
    expect(response.status, text).toBe(200);
    return JSON.parse(text) as Definition;
  };

  beforeAll(async () => {
    if (!there) return;
    server = await start();
    folder = mkdtempSync(join(tmpdir(), 'margay-crds-'));
    kubeconfig = join(folder, 'kubeconfig');
    writeKubeconfig(kubeconfig, server);
  });
  afterAll(async () => {
    if (!there) return;
    await server.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    if (there) await remove();
  });

  it.skipIf(!there)('creates what is missing, and changes nothing the second time', async () => {
    expect(await install('--dir', MANIFESTS)).toEqual({ code: 0, out: linesOf('created'), err: '' });
    const { metadata } = await call('GET', `${COLLECTION}/${POOLS}`);
    expect(await install('--dir', MANIFESTS)).toEqual({ code: 0, out: linesOf('unchanged'), err: '' });
    expect((await call('GET', `${COLLECTION}/${POOLS}`)).metadata.resourceVersion).toBe(metadata.resourceVersion);
  });

  it.skipIf(!there)('brings the spec up to date, and keeps the labels of others', async () => {
    await install('--dir', MANIFESTS);
    const stored = await call('GET', `${COLLECTION}/${POOLS}`);
    const [version] = stored.spec.versions;
    const description = version?.schema.openAPIV3Schema.description;
    if (version !== undefined) version.schema.openAPIV3Schema.description = 'Of an older release.';
    stored.metadata.labels = { owner: 'someone' };
    await call('PUT', `${COLLECTION}/${POOLS}`, stored);
    const { code, out } = await install('--dir', MANIFESTS);
    expect([code, out.split('\n').at(2)]).toEqual([0, `${POOLS}: updated`]);
    const after = await call('GET', `${COLLECTION}/${POOLS}`);
    expect(after.metadata).toMatchObject({ uid: stored.metadata.uid, labels: { owner: 'someone' } });
    expect(after.spec.versions[0]?.schema.openAPIV3Schema.description).toBe(description);
  });

  it.skipIf(!there)('does not take away a version that objects may be stored in', async () => {
    await install('--dir', MANIFESTS);
    const renamed = join(folder, 'renamed');
    mkdirSync(renamed);
    for (const file of readdirSync(MANIFESTS)) {
      const text = readFileSync(join(MANIFESTS, file), 'utf8');
      writeFileSync(join(renamed, file), text.replace('- name: v1\n', '- name: v2\n'));
    }
    const { code, out, err } = await install('--dir', renamed);
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(
      /^blockaffinities\S+ has objects stored in version v1, which this release does not know: install/,
    );
    expect((await call('GET', `${COLLECTION}/${NAMES[0]}`)).spec.versions.map(({ name }) => name)).toEqual(['v1']);
  });

  it.skipIf(!there)('says what the API refuses', async () => {
    const broken = join(folder, 'broken');
    cpSync(MANIFESTS, broken, { recursive: true });
    const file = join(broken, readdirSync(broken)[0] ?? '');
    writeFileSync(file, readFileSync(file, 'utf8').replace('rule: self == oldSelf', 'rule: self == nothing'));
    const { code, err } = await install('--dir', broken);
    expect(code).toBe(3);
    expect(err).toMatch(/^The API refused POST .*nothing/);
  });

  it.skipIf(!there)('deletes the definitions, and says when there are none', async () => {
    await install('--dir', MANIFESTS);
    expect(await remove()).toBe(linesOf('deleted'));
    expect(await remove()).toBe(linesOf('was not there'));
  });
});

describe('install-crds', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'margay-crds-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('keeps trying while the API cannot be reached, and says why it gave up', async () => {
    const kubeconfig = join(folder, 'kubeconfig');
    writeKubeconfig(kubeconfig, { url: 'http://127.0.0.1:1', token: TOKEN });
    const { code, err } = await runProgram(PROGRAM, '--dir', MANIFESTS, '--kubeconfig', kubeconfig, '--timeout', '0.5');
    expect(code).toBe(3);
    expect(err).toMatch(/^Not done in time: the API cannot be reached: .*ECONNREFUSED/);
  });

  it.each([
    { name: 'no folder', args: [], says: '--dir is missing' },
    {
      name: 'a folder that is not there',
      args: ['--dir', 'no-such-folder'],
      says: 'Cannot read the folder no-such-folder',
    },
    { name: 'a folder without definitions', args: ['--dir', import.meta.dirname], says: 'has no YAML file' },
    { name: 'an unknown option', args: ['--force'], says: "Unknown option '--force'; see --help." },
    { name: 'a timeout that is none', args: ['--dir', MANIFESTS, '--timeout', 'long'], says: "--timeout is 'long'" },
  ])('exits with 2 and one sentence: $name', async ({ args, says }) => {
    const { code, err } = await runProgram(PROGRAM, ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(says)]);
    expect(err.trim().split('\n').length).toBe(1);
  });
});
