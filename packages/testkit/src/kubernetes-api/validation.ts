import { describe, expect, it } from 'vitest';
import { type ApiAnswer, causesOf, type StatusBody } from './api-client.ts';
import type { ContractContext } from './contract-context.ts';
import { configMap, LEASES, MAPS, PODS, POLICIES, POOLS, pod, policy, pool, SECRETS, SERVICES } from './manifests.ts';

export function describeValidation(context: ContractContext): void {
  const tryOut = (path: string, body: unknown, query = ''): Promise<ApiAnswer<StatusBody>> =>
    context.api.call('POST', `${path}?dryRun=All${query}`, { body });
  const container = { name: 'c', image: 'i' };

  describe('validation', () => {
    it.each<readonly [name: string, path: string, body: object, causes: readonly string[]]>([
      ['a name', MAPS, configMap('Bad_Name'), ['metadata.name FieldValueInvalid']],
      [
        'a label',
        MAPS,
        configMap('x', { metadata: { name: 'x', labels: { 'a b': 'c' } } }),
        ['metadata.labels FieldValueInvalid'],
      ],
      [
        'a label value',
        MAPS,
        configMap('x', { metadata: { name: 'x', labels: { a: 'b c' } } }),
        ['metadata.labels FieldValueInvalid'],
      ],
      [
        'a finalizer without a domain',
        MAPS,
        configMap('x', { metadata: { name: 'x', finalizers: ['kubernetes', 'other'] } }),
        ['metadata.finalizers[1] FieldValueInvalid'],
      ],
      [
        'a finalizer that is no name',
        POOLS,
        { ...pool('x', '10.37.0.0/16'), metadata: { name: 'x', finalizers: ['other', 'a.example/b c'] } },
        ['metadata.finalizers FieldValueInvalid'],
      ],
      [
        'two finalizers that contradict each other',
        MAPS,
        configMap('x', { metadata: { name: 'x', finalizers: ['orphan', 'foregroundDeletion'] } }),
        ['metadata.finalizers FieldValueInvalid'],
      ],
      ...['NodePort', 'LoadBalancer'].map(
        (type) =>
          [
            `a ${type} service without an address`,
            SERVICES,
            { metadata: { name: 'x' }, spec: { type, clusterIP: 'None', ports: [{ port: 80 }] } },
            ['spec.clusterIPs[0] FieldValueInvalid'],
          ] as const,
      ),
      ['a pod without containers', PODS, pod('x', { containers: [] }), ['spec.containers FieldValueRequired']],
      [
        'a container without image',
        PODS,
        pod('x', { containers: [{ name: 'c' }] }),
        ['spec.containers[0].image FieldValueRequired'],
      ],
      [
        'a container name',
        PODS,
        pod('x', { containers: [{ name: 'C_', image: 'i' }] }),
        ['spec.containers[0].name FieldValueInvalid'],
      ],
      [
        'two containers of one name',
        PODS,
        pod('x', { containers: [container, container] }),
        ['spec.containers[1].name FieldValueDuplicate'],
      ],
      [
        'a port',
        PODS,
        pod('x', { containers: [{ ...container, ports: [{ containerPort: 70_000 }] }] }),
        ['spec.containers[0].ports[0].containerPort FieldValueInvalid'],
      ],
      [
        'a protocol',
        PODS,
        pod('x', { containers: [{ ...container, ports: [{ containerPort: 80, protocol: 'ICMP' }] }] }),
        ['spec.containers[0].ports[0].protocol FieldValueNotSupported'],
      ],
      [
        'a restart policy',
        PODS,
        pod('x', { restartPolicy: 'Sometimes' }),
        ['spec.restartPolicy FieldValueNotSupported'],
      ],
      [
        'a CIDR',
        POLICIES,
        policy('x', { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0' } }] }] }),
        ['spec.ingress[0].from[0].ipBlock.cidr FieldValueInvalid'],
      ],
      [
        'an empty peer',
        POLICIES,
        policy('x', { podSelector: {}, ingress: [{ from: [{}] }] }),
        ['spec.ingress[0].from[0] FieldValueRequired'],
      ],
      [
        'a block beside a selector',
        POLICIES,
        policy('x', { podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }] }] }),
        ['spec.egress[0].to[0] FieldValueForbidden'],
      ],
      [
        'an exception outside',
        POLICIES,
        policy('x', {
          podSelector: {},
          egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/8'] } }] }],
        }),
        ['spec.egress[0].to[0].ipBlock.except[0] FieldValueInvalid'],
      ],
      [
        'an end before the port',
        POLICIES,
        policy('x', { podSelector: {}, ingress: [{ ports: [{ port: 80, endPort: 79 }] }] }),
        ['spec.ingress[0].ports[0].endPort FieldValueInvalid'],
      ],
      [
        'an operator',
        POLICIES,
        policy('x', { podSelector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } }),
        ['spec.podSelector.matchExpressions[0].operator FieldValueInvalid'],
      ],
      [
        'a policy type',
        POLICIES,
        policy('x', { podSelector: {}, policyTypes: ['Both'] }),
        ['spec.policyTypes[0] FieldValueNotSupported'],
      ],
      [
        'a type in a custom kind',
        POOLS,
        pool('x', '10.37.0.0/16', { natOutgoing: 'yes' }),
        ['spec.natOutgoing FieldValueTypeInvalid'],
      ],
      [
        'a value in a custom kind',
        POOLS,
        pool('x', '10.37.0.0/16', { ipipMode: 'Sometimes' }),
        ['spec.ipipMode FieldValueNotSupported'],
      ],
    ])('refuses %s, and names the field', async (_, path, body, expected) => {
      const answer = await tryOut(path, body);
      expect([answer.status, answer.body.reason, causesOf(answer)]).toEqual([422, 'Invalid', expected]);
    });

    it.each(['kubernetes', 'orphan', 'foregroundDeletion'])('takes the finalizer %s', async (finalizer) => {
      const { status, body } = await tryOut(MAPS, configMap('x', { metadata: { name: 'x', finalizers: [finalizer] } }));
      expect([status, body.metadata.finalizers]).toEqual([201, [finalizer]]);
    });

    it('says all at once, in a message that names the object', async () => {
      const answer = await tryOut(PODS, pod('Wrong', { containers: [{ name: 'c' }], restartPolicy: 'Sometimes' }));
      expect(causesOf(answer).sort()).toEqual([
        'metadata.name FieldValueInvalid',
        'spec.containers[0].image FieldValueRequired',
        'spec.restartPolicy FieldValueNotSupported',
      ]);
      expect(answer.body.message).toMatch(/^Pod "Wrong" is invalid: \[/);
      expect(answer.body.details).toMatchObject({ name: 'Wrong', kind: 'Pod' });
    });

    it('answers 400 to a wrong type in a kind of Kubernetes', async () => {
      const answer = await tryOut(PODS, pod('x', { hostNetwork: 'yes' }));
      expect([answer.status, answer.body.reason]).toEqual([400, 'BadRequest']);
      expect(answer.body.message).toMatch(/^Pod in version "v1" cannot be handled as a Pod: .*hostNetwork/);
    });

    it('answers 400 to a text that is no time in a kind of Kubernetes', async () => {
      const body = { metadata: { name: 'x' }, spec: { renewTime: 'now' } };
      const answer = await tryOut(LEASES, body);
      expect([answer.status, answer.body.reason]).toEqual([400, 'BadRequest']);
      const bytes = await tryOut(SECRETS, { metadata: { name: 'x' }, data: { a: 'no bytes' } });
      expect([bytes.status, bytes.body.reason]).toEqual([400, 'BadRequest']);
    });

    it('of unknown fields is strict where asked to', async () => {
      const wrong = pod('x', { foo: 1, containers: [{ ...container, bar: 2 }] });
      const answer = await tryOut(PODS, wrong, '&fieldValidation=Strict');
      expect([answer.status, answer.body.reason]).toEqual([400, 'BadRequest']);
      expect(answer.body.message).toBe(
        'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containers[0].bar", unknown field "spec.foo"',
      );
      const custom = await tryOut(POOLS, pool('x', '10.37.0.0/16', { foo: 1 }), '&fieldValidation=Strict');
      expect([custom.status, custom.body.message]).toEqual([
        400,
        'IPPool in version "v1" cannot be handled as a IPPool: strict decoding error: unknown field "spec.foo"',
      ]);
    });

    it('of repeated fields is strict where asked to', async () => {
      const raw = '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"x"},"data":{"a":"1","a":"2"}}';
      const answer = await context.api.call('POST', `${MAPS}?dryRun=All&fieldValidation=Strict`, { raw });
      expect([answer.status, answer.body.message]).toEqual([
        400,
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data.a"',
      ]);
    });

    it('of unknown fields warns, or is silent, and leaves them out', async () => {
      const wrong = pod('x', { foo: 1 });
      const warned = await tryOut(PODS, wrong);
      expect(warned.status).toBe(201);
      expect(warned.headers.warning).toBe('299 - "unknown field \\"spec.foo\\""');
      expect(warned.body.spec).not.toHaveProperty('foo');
      expect((await tryOut(PODS, wrong, '&fieldValidation=Ignore')).headers.warning).toBeUndefined();
      const unknown = await tryOut(PODS, wrong, '&fieldValidation=Sometimes');
      expect([unknown.status, unknown.body.reason]).toEqual([422, 'Invalid']);
    });

    it('does not let the spec of a running pod change', async () => {
      await context.api.call('POST', PODS, { body: pod('fixed') });
      const { body } = await context.api.call('GET', `${PODS}/fixed`);
      const spec = { ...(body.spec as object), hostname: 'other' };
      const answer = await context.api.call('PUT', `${PODS}/fixed`, { body: { ...body, spec } });
      expect([answer.status, causesOf(answer)]).toEqual([422, ['spec FieldValueForbidden']]);
      await context.api.call('DELETE', `${PODS}/fixed?gracePeriodSeconds=0`);
    });

    it('fills in defaults', async () => {
      const { body } = await tryOut(POLICIES, policy('x', { podSelector: {}, egress: [{ ports: [{ port: 53 }] }] }));
      expect(body.spec).toEqual({
        podSelector: {},
        policyTypes: ['Ingress', 'Egress'],
        egress: [{ ports: [{ port: 53, protocol: 'TCP' }] }],
      });
      const { body: made } = await tryOut(PODS, pod('x'));
      expect(made.spec).toMatchObject({
        restartPolicy: 'Always',
        terminationGracePeriodSeconds: 30,
        dnsPolicy: 'ClusterFirst',
        securityContext: {},
        schedulerName: 'default-scheduler',
        enableServiceLinks: true,
      });
      expect(made.status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
    });
  });
}
