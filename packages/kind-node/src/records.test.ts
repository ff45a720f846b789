import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseClusterName } from './cluster-name.ts';
import { type ClusterRecord, defaultStateFolder, RecordFolder } from './records.ts';

const name = parseClusterName('example');
let folder: string;
let records: RecordFolder;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kind-node-records-'));
  records = new RecordFolder(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** As if the process that claimed it had ended: no process ever started at that tick. */
function abandon(record: ClusterRecord): ClusterRecord {
  const left = { ...record, creator: { ...record.creator, startTicks: 1 } };
  writeFileSync(join(folder, `${record.name}.json`), JSON.stringify(left));
  return left;
}

describe('RecordFolder', () => {
  it('gives a name to one process only, and to the next after release', async () => {
    const record = await records.claim(name, { DOCKER_HOST: 'tcp://192.0.2.1:2376' });
    expect(record.dockerHost).toBe('tcp://192.0.2.1:2376');
    expect(statSync(join(folder, 'example.json')).mode & 0o777).toBe(0o600);
    await expect(records.claim(name, {})).rejects.toMatchObject({ code: 'NAME_TAKEN' });
    await records.release(name);
    await records.claim(name, {});
    expect(readdirSync(folder)).toEqual(['example.json']);
  });

  it('gives one of many at once the name', async () => {
    const claims = await Promise.allSettled(Array.from({ length: 20 }, () => records.claim(name, {})));
    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['example.json']);
  });

  it('says how to free a name whose owner has ended', async () => {
    abandon(await records.claim(name, {}));
    await expect(records.claim(name, {})).rejects.toThrow(/which ended\. Call KindCluster\.reapAbandoned\(\) first\.$/);
  });

  it('hands out only records of ended processes', async () => {
    const living = await records.claim(name, {});
    const left = abandon(await records.claim(parseClusterName('left'), {}));
    const elsewhere = await records.claim(parseClusterName('elsewhere'), {});
    await records.update({ ...elsewhere, creator: { ...left.creator, pidNamespace: 'pid:[1]' } });
    writeFileSync(join(folder, 'broken.json'), '{');
    const taken = await records.takeAbandoned();
    expect(taken.map(({ record }) => record)).toEqual([left]);
    await taken[0]?.done();
    expect(readdirSync(folder)).toEqual(['broken.json', 'elsewhere.json', 'example.json']);
    expect(JSON.parse(readFileSync(join(folder, 'example.json'), 'utf8'))).toEqual(living);
  });

  it('hands an abandoned record to one reaper, and keeps the name taken meanwhile', async () => {
    const left = abandon(await records.claim(name, {}));
    const both = await Promise.all([records.takeAbandoned(), new RecordFolder(folder).takeAbandoned()]);
    expect(both.flat().map(({ record }) => record)).toEqual([left]);
    await expect(records.claim(name, {})).rejects.toThrow(/just being cleaned up/);
    await both.flat()[0]?.giveBack();
    expect(readdirSync(folder)).toEqual(['example.json']);
  });

  it('takes over what a reaper left that ended itself', async () => {
    const left = abandon(await records.claim(name, {}));
    rmSync(join(folder, 'example.json'));
    writeFileSync(join(folder, `example@${process.pid}-1.json`), JSON.stringify(left));
    expect((await records.takeAbandoned()).map(({ record }) => record)).toEqual([left]);
  });
});

describe('defaultStateFolder', () => {
  it('follows the XDG specification', () => {
    expect(defaultStateFolder({ XDG_STATE_HOME: '/srv/state' })).toBe('/srv/state/kind-node');
    expect(defaultStateFolder({})).toMatch(/\/\.local\/state\/kind-node$/);
  });
});
