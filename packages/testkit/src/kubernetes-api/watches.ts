import { describe, expect, it } from 'vitest';
import { takeEvents } from './api-client.ts';
import type { ContractContext } from './contract-context.ts';
import { configMap, EVENTS, MAPS, MERGE_PATCH } from './manifests.ts';

export function describeWatches(context: ContractContext): void {
  const labelled = (name: string, value: string): object =>
    configMap(name, { metadata: { name, labels: { watch: value } } });
  const newest = async (): Promise<string> =>
    (await context.api.call('GET', `${MAPS}?limit=1`)).body.metadata.resourceVersion;

  describe('watches', () => {
    it('tell each change once, from the version that is named', async () => {
      const from = await newest();
      await context.api.call('POST', MAPS, { body: labelled('told', 'told') });
      await context.api.call('PATCH', `${MAPS}/told`, { body: { data: { a: 'b' } }, type: MERGE_PATCH });
      await context.api.call('DELETE', `${MAPS}/told`);
      const events = context.api.watch(`${MAPS}?watch=1&labelSelector=watch%3Dtold&resourceVersion=${from}`);
      const taken = await takeEvents(events, 3);
      await events.return(undefined);
      expect(taken.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
      expect(taken.map(({ object }) => object.kind)).toEqual(['ConfigMap', 'ConfigMap', 'ConfigMap']);
      const versions = taken.map(({ object }) => BigInt(object.metadata.resourceVersion));
      expect(versions).toEqual([...versions].sort((a, b) => (a < b ? -1 : 1)));
    });

    it('show an object that enters or leaves the selection as one that comes or goes', async () => {
      const from = await newest();
      await context.api.call('POST', MAPS, { body: labelled('moving', 'out') });
      for (const watch of ['in', 'out']) {
        const body = { metadata: { labels: { watch } } };
        await context.api.call('PATCH', `${MAPS}/moving`, { body, type: MERGE_PATCH });
      }
      const events = context.api.watch(`${MAPS}?watch=1&labelSelector=watch%3Din&resourceVersion=${from}`);
      const taken = await takeEvents(events, 2);
      await events.return(undefined);
      expect(taken.map(({ type, object }) => [type, object.metadata.labels?.watch])).toEqual([
        ['ADDED', 'in'],
        ['DELETED', 'in'],
      ]);
      await context.api.call('DELETE', `${MAPS}/moving`);
    });

    it('without a version begin with what is there', async () => {
      await context.api.call('POST', MAPS, { body: labelled('present', 'present') });
      const events = context.api.watch(`${MAPS}?watch=1&labelSelector=watch%3Dpresent`);
      const [first] = await takeEvents(events, 1);
      await events.return(undefined);
      expect([first?.type, first?.object.metadata.name]).toEqual(['ADDED', 'present']);
    });

    it('mark the end of the initial events with a bookmark', async () => {
      const query = 'watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan';
      const events = context.api.watch(`${MAPS}?${query}&labelSelector=watch%3Dpresent`);
      const [added, bookmark] = await takeEvents(events, 2);
      await events.return(undefined);
      expect([added?.type, bookmark?.type, bookmark?.object.kind]).toEqual(['ADDED', 'BOOKMARK', 'ConfigMap']);
      expect(bookmark?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
      expect(bookmark?.object.metadata.resourceVersion).toMatch(/^[1-9]\d*$/);
    });

    it('end after the time that is asked for', async () => {
      const taken = await takeEvents(
        context.api.watch(`${MAPS}?watch=1&timeoutSeconds=1&resourceVersion=${await newest()}`),
        9,
      );
      expect(taken).toEqual([]);
    });

    it('follow one object by its name', async () => {
      const path = `${MAPS}?watch=1&fieldSelector=metadata.name%3Dpresent`;
      const events = context.api.watch(path);
      const [first] = await takeEvents(events, 1);
      await context.api.call('DELETE', `${MAPS}/present`);
      const [second] = await takeEvents(events, 1);
      await events.return(undefined);
      expect([first?.type, second?.type]).toEqual(['ADDED', 'DELETED']);
    });

    it('send tables to a client that prefers them, the columns once', async () => {
      const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
      const from = await newest();
      await context.api.call('POST', MAPS, { body: labelled('row', 'row') });
      await context.api.call('DELETE', `${MAPS}/row`);
      const events = context.api.watch(`${MAPS}?watch=1&labelSelector=watch%3Drow&resourceVersion=${from}`, accept);
      const taken = await takeEvents(events, 2);
      await events.return(undefined);
      const columns = taken.map(({ object }) => (object.columnDefinitions as object[] | null)?.length ?? 0);
      expect(taken.map(({ object }) => object.kind)).toEqual(['Table', 'Table']);
      expect(columns).toEqual([3, 0]);
    });

    it.each([
      ['a version that is none', 'resourceVersion=nonsense', 500],
      ['initial events without a match', 'sendInitialEvents=true&allowWatchBookmarks=true', 422],
      ['a selector that is none', 'labelSelector=a+in', 400],
    ])('with %s are refused', async (_, query, status) => {
      expect((await context.api.call('GET', `${MAPS}?watch=1&${query}`)).status).toBe(status);
    });

    it('from a version that is forgotten say so: 410, and nothing reads as a deletion', async () => {
      await context.server.compact();
      const [event] = await takeEvents(context.api.watch(`${EVENTS}?watch=1&resourceVersion=1`), 1);
      expect(event?.type).toBe('ERROR');
      expect(event?.object).toMatchObject({ kind: 'Status', status: 'Failure', reason: 'Expired', code: 410 });
    });
  });
}
