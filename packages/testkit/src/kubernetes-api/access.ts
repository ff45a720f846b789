import { describe, expect, it } from 'vitest';
import type { ContractContext } from './contract-context.ts';

export function describeAccess(context: ContractContext): void {
  describe('access reviews', () => {
    it('answer whether one may', async () => {
      const resourceAttributes = { namespace: 'default', verb: 'delete', resource: 'pods' };
      const body = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes },
      };
      const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
      const answer = await context.api.call('POST', path, { body });
      expect([answer.status, answer.body.kind, answer.body.spec]).toEqual([201, body.kind, body.spec]);
      expect(answer.body.status).toMatchObject({ allowed: true });
      const both = { ...body, spec: { resourceAttributes, nonResourceAttributes: { path: '/', verb: 'get' } } };
      expect((await context.api.call('POST', path, { body: both })).status).toBe(422);
      const none = await context.api.call('POST', path, { body: { ...body, spec: undefined } });
      expect([none.status, none.body.details?.causes?.[0]?.field]).toEqual([422, 'spec.resourceAttributes']);
      expect((await context.api.call('GET', path)).status).toBe(405);
    });

    it('answer what one may', async () => {
      const body = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectRulesReview',
        spec: { namespace: 'default' },
      };
      const answer = await context.api.call('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { body });
      expect(answer.status).toBe(201);
      const { resourceRules } = answer.body.status as { resourceRules: object[] };
      expect(resourceRules).toContainEqual({ verbs: ['*'], apiGroups: ['*'], resources: ['*'] });
    });

    it('answer who one is', async () => {
      const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
      const answer = await context.api.call('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { body });
      const { userInfo } = answer.body.status as { userInfo: { username: string; groups: string[] } };
      expect([answer.status, userInfo.username]).toEqual([201, 'tester']);
      expect(userInfo.groups).toContain('system:authenticated');
    });
  });
}
