import { describe, expect, it } from 'vitest';
import { causesOf } from './api-client.ts';
import type { ContractContext } from './contract-context.ts';
import { configMap, MAPS, MERGE_PATCH, NODES, SECRETS } from './manifests.ts';

export function describeImmutables(context: ContractContext): void {
  const FIXED: readonly (readonly [name: string, path: string, made: object, change: object, cause: string])[] = [
    [
      'the data of a ConfigMap that says so',
      MAPS,
      configMap('fixed', { immutable: true, data: { a: '1' } }),
      { data: { a: '2' } },
      'data FieldValueForbidden',
    ],
    [
      'that a ConfigMap is immutable',
      MAPS,
      configMap('fixed', { immutable: true }),
      { immutable: false },
      'immutable FieldValueForbidden',
    ],
    [
      'the data of a Secret that says so',
      SECRETS,
      { metadata: { name: 'fixed' }, immutable: true },
      { stringData: { a: 'b' } },
      'data FieldValueForbidden',
    ],
    [
      'the type of a Secret',
      SECRETS,
      { metadata: { name: 'fixed' }, type: 'a/b' },
      { type: 'a/c' },
      'type FieldValueInvalid',
    ],
    [
      'the range of a node',
      NODES,
      { metadata: { name: 'fixed' }, spec: { podCIDR: '10.0.0.0/24' } },
      { spec: { podCIDR: '10.0.1.0/24' } },
      'spec.podCIDRs FieldValueForbidden',
    ],
    [
      'the provider of a node',
      NODES,
      { metadata: { name: 'fixed' }, spec: { providerID: 'a' } },
      { spec: { providerID: 'b' } },
      'spec.providerID FieldValueForbidden',
    ],
  ];

  describe('what stays', () => {
    it.each(FIXED)('%s', async (_, path, made, change, cause) => {
      expect((await context.api.call('POST', path, { body: made })).status).toBe(201);
      const answer = await context.api.call('PATCH', `${path}/fixed`, { body: change, type: MERGE_PATCH });
      expect([answer.status, causesOf(answer)]).toEqual([422, [cause]]);
      await context.api.call('DELETE', `${path}/fixed`);
    });
  });
}
