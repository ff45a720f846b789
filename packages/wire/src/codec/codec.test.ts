import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyEntry, anyName, anyRevision, anyScope } from '../../test/arbitrary-entry.ts';
import { methodsOf } from '../definitions.ts';
import type { FeedBatch } from '../generated/margay/feed/v1/FeedBatch.ts';
import type { SubscribeRequest } from '../generated/margay/feed/v1/SubscribeRequest.ts';
import type { ViewBatch } from '../generated/margay/policy/v1/ViewBatch.ts';
import { WireError } from '../index.ts';
import { decodeFeedBatch, decodeSubscribe, encodeFeedBatch, encodeSubscribe } from './feed-batch.ts';
import { decodeViewBatch, encodeViewBatch } from './view-batch.ts';

const subscribe = methodsOf('margay.feed.v1.Feed').Subscribe;
const watch = methodsOf('margay.policy.v1.PolicyViews').Watch;
if (subscribe === undefined || watch === undefined) throw new Error('the protos have no such methods');

const throughFeed = (message: object): FeedBatch =>
  subscribe.responseDeserialize(subscribe.responseSerialize(message)) as FeedBatch;
const throughViews = (message: object): ViewBatch =>
  watch.responseDeserialize(watch.responseSerialize(message)) as ViewBatch;
const throughRequest = (message: object): SubscribeRequest =>
  subscribe.requestDeserialize(subscribe.requestSerialize(message)) as SubscribeRequest;

const batch = (upserts: object[]): object => ({ epoch: 'e', revision: 1, complete: true, upserts });

describe('feed batch codec', () => {
  it('gives back every batch that went through its bytes', () => {
    const anyBatch = fc.record({
      epoch: anyName,
      revision: anyRevision,
      snapshotStart: fc.boolean(),
      complete: fc.boolean(),
      upserts: fc.array(anyEntry, { maxLength: 6 }),
      removes: fc.array(anyName, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(anyBatch, (value) => {
        expect(decodeFeedBatch(throughFeed(encodeFeedBatch(value)))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses a revision that a number cannot hold, on both sides', () => {
    const value = { epoch: 'e', snapshotStart: false, complete: true, upserts: [], removes: [] };
    expect(() => encodeFeedBatch({ ...value, revision: 2n ** 53n })).toThrow(/^revision: /);
    const wire = throughFeed({ epoch: 'e', revision: '18446744073709551615' });
    expect(() => decodeFeedBatch(wire)).toThrow(/^revision: /);
  });

  it.each([
    { upsert: { node: { name: 'n', address: '300.0.0.1', subnet: '192.0.2.0/24' } }, field: 'node.address' },
    { upsert: { node: { name: 'n', address: '192.0.2.1' } }, field: 'node.subnet' },
    { upsert: { node: { address: '192.0.2.1', subnet: '192.0.2.0/24' } }, field: 'node.name' },
    { upsert: { pool: { cidr: '192.0.2.0/24' } }, field: 'pool.ipip_mode' },
    { upsert: { pool: { cidr: '192.0.2.0/24', ipipMode: 9 } }, field: 'pool.ipip_mode' },
    { upsert: { route: { cidr: '192.0.2.1/24', node: 'n' } }, field: 'route.cidr' },
    { upsert: { policy: { id: 'p', ingress: [{ action: 7 }] } }, field: 'policy.ingress[0].action' },
    { upsert: { policy: { id: 'p', egress: [{ origin: 'o' }] } }, field: 'policy.egress[0].action' },
    {
      upsert: { policy: { id: 'p', ingress: [{ action: 1, ports: { ports: [{ port: 80 }] } }] } },
      field: 'policy.ingress[0].ports[0].protocol',
    },
    {
      upsert: { policy: { id: 'p', ingress: [{ action: 1, ports: { ports: [{ protocol: 1, port: 70_000 }] } }] } },
      field: 'policy.ingress[0].ports[0].port',
    },
    { upsert: { set: { id: 's', type: 3 } }, field: 'set.type' },
    { upsert: { member: { set: 's', member: 'nobody' } }, field: 'member.member' },
    { upsert: { endpoint: { namespace: 'a', pod: 'b' } }, field: 'endpoint.uid' },
    { upsert: {}, field: 'entry.value' },
  ])('refuses $upsert and names $field', ({ upsert, field }) => {
    const wire = throughFeed(batch([upsert]));
    const decode = (): unknown => decodeFeedBatch(wire);
    expect(decode).toThrow(WireError);
    expect(decode).toThrow(field);
  });
});

describe('subscribe codec', () => {
  it('gives back where to resume', () => {
    const anySubscribe = fc.record(
      { node: anyName, from: fc.record({ epoch: anyName, revision: anyRevision }) },
      { requiredKeys: ['node'] },
    );
    fc.assert(
      fc.property(anySubscribe, (value) => {
        expect(decodeSubscribe(throughRequest(encodeSubscribe(value)))).toEqual(value);
      }),
    );
  });

  it('refuses a request without a node', () => {
    expect(() => decodeSubscribe(throughRequest({}))).toThrow(/^node: /);
  });
});

describe('view batch codec', () => {
  it('gives back every batch that went through its bytes', () => {
    const names = fc.array(anyName, { maxLength: 3 });
    const anyBatch = fc.record({
      snapshotStart: fc.boolean(),
      complete: fc.boolean(),
      spans: fc.array(fc.record({ scope: anyScope, add: names, remove: names }), { maxLength: 3 }),
      upserts: fc.array(fc.record({ scope: anyScope, entry: anyEntry }), { maxLength: 6 }),
      removes: names,
    });
    fc.assert(
      fc.property(anyBatch, (value) => {
        expect(decodeViewBatch(throughViews(encodeViewBatch(value)))).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it.each([{ scope: '' }, { scope: 'node:' }, { scope: 'everyone' }])('refuses the scope $scope', ({ scope }) => {
    expect(() => decodeViewBatch(throughViews({ spans: [{ scope }] }))).toThrow('spans[0].scope');
  });

  it('refuses an upsert without an entry', () => {
    expect(() => decodeViewBatch(throughViews({ upserts: [{ scope: 'all' }] }))).toThrow('upserts[0].entry');
  });
});
