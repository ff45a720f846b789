import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiAnswer, causesOf, type StatusBody } from './api-client.ts';
import type { ContractContext } from './contract-context.ts';
import { MERGE_PATCH, SERVICES } from './manifests.ts';

export function describeServices(context: ContractContext): void {
  const tryOut = (spec: object): Promise<ApiAnswer<StatusBody>> =>
    context.api.call('POST', `${SERVICES}?dryRun=All`, { body: { metadata: { name: 'x' }, spec } });

  // Without virtual addresses: only a kube-apiserver gives them out.
  describe('services', () => {
    beforeAll(async () => {
      const spec = { clusterIP: 'None', selector: { a: 'b' }, ports: [{ port: 80 }] };
      await context.api.call('POST', SERVICES, { body: { metadata: { name: 'lasting' }, spec } });
    });
    afterAll(async () => {
      await context.api.call('DELETE', `${SERVICES}/lasting`);
    });

    it('get their defaults', async () => {
      const { body } = await tryOut({ clusterIP: 'None', selector: { a: 'b' }, ports: [{ port: 80 }] });
      expect(body.spec).toEqual({
        ...{
          type: 'ClusterIP',
          clusterIP: 'None',
          clusterIPs: ['None'],
          sessionAffinity: 'None',
          selector: { a: 'b' },
        },
        ...{ internalTrafficPolicy: 'Cluster', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' },
        ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
      });
      expect(body.status).toEqual({ loadBalancer: {} });
      const outside = await tryOut({ type: 'ExternalName', externalName: 'a.example.com' });
      expect(outside.body.spec).toEqual({
        type: 'ExternalName',
        externalName: 'a.example.com',
        sessionAffinity: 'None',
      });
    });

    it.each<readonly [name: string, spec: object, causes: readonly string[]]>([
      ['no port', { selector: { a: 'b' } }, ['spec.ports FieldValueRequired']],
      [
        'two ports without names',
        { clusterIP: 'None', ports: [{ port: 1 }, { port: 2 }] },
        ['spec.ports[0].name FieldValueRequired', 'spec.ports[1].name FieldValueRequired'],
      ],
      ['no outside name', { type: 'ExternalName' }, ['spec.externalName FieldValueRequired']],
      [
        'a name that is none',
        { clusterIP: 'None', ports: [{ port: 1, name: 'A_' }] },
        ['spec.ports[0].name FieldValueInvalid'],
      ],
    ])('with %s are refused', async (_, spec, expected) => {
      const answer = await tryOut(spec);
      expect([answer.status, causesOf(answer)]).toEqual([422, expected]);
    });

    it('keep their address', async () => {
      const answer = await context.api.call('PATCH', `${SERVICES}/lasting`, {
        body: { spec: { clusterIP: '10.0.0.77' } },
        type: MERGE_PATCH,
      });
      expect([answer.status, causesOf(answer)]).toEqual([422, ['spec.clusterIPs[0] FieldValueInvalid']]);
    });

    it('must have names that begin with a letter', async () => {
      const body = { metadata: { name: '9x' }, spec: { clusterIP: 'None', ports: [{ port: 80 }] } };
      const answer = await context.api.call('POST', SERVICES, { body });
      expect([answer.status, causesOf(answer)]).toEqual([422, ['metadata.name FieldValueInvalid']]);
    });

    it('have Endpoints, of which a warning says that they are old', async () => {
      const { headers } = await context.api.call('GET', '/api/v1/namespaces/default/endpoints');
      expect(headers.warning).toBe(
        '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"',
      );
    });
  });
}
