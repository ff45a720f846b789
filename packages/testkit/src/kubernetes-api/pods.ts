import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiAnswer, causesOf, type StatusBody } from './api-client.ts';
import type { ContractContext } from './contract-context.ts';
import { JSON_PATCH, MERGE_PATCH, PODS, pod, STRATEGIC_PATCH } from './manifests.ts';

const LIMITS = { cpu: '1', memory: '1Gi' };

export function describePods(context: ContractContext): void {
  const tryOut = (spec: object): Promise<ApiAnswer<StatusBody>> =>
    context.api.call('POST', `${PODS}?dryRun=All`, { body: pod('x', spec) });
  const withResources = (resources: object): object => ({ containers: [{ name: 'c', image: 'i', resources }] });

  describe('pods', () => {
    beforeAll(async () => {
      const spec = { tolerations: [{ key: 'a', operator: 'Exists' }], activeDeadlineSeconds: 60 };
      await context.api.call('POST', PODS, { body: pod('lasting', spec) });
    });
    afterAll(async () => {
      await context.api.call('DELETE', `${PODS}/lasting?gracePeriodSeconds=0`);
    });

    it.each([
      ['BestEffort', {}],
      ['Burstable', { requests: { cpu: '100m' } }],
      ['Burstable', { limits: { cpu: '1' } }],
      ['Guaranteed', { limits: LIMITS }],
      ['Guaranteed', { limits: LIMITS, requests: { cpu: '1000m', memory: '1024Mi' } }],
    ])('are %s with the resources %j', async (qosClass, resources) => {
      expect((await tryOut(withResources(resources))).body.status).toMatchObject({ qosClass });
    });

    it('tolerate a node that fails for five minutes, if they do not say otherwise', async () => {
      const keys = async (tolerations: object[]): Promise<unknown[]> => {
        const { spec } = (await tryOut({ tolerations })).body as unknown as {
          spec: { tolerations: { key: string }[] };
        };
        return spec.tolerations.map(({ key }) => key);
      };
      const [notReady, unreachable] = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
      expect(await keys([])).toEqual([notReady, unreachable]);
      expect(await keys([{ operator: 'Exists' }])).toEqual([undefined]);
      expect(await keys([{ key: notReady, operator: 'Exists', effect: 'NoExecute' }])).toEqual([notReady, unreachable]);
    });

    it('get the defaults of probes, volumes and variables', async () => {
      const container = {
        name: 'c',
        image: 'i',
        env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
        livenessProbe: { httpGet: { port: 80 } },
      };
      const volumes = [{ name: 'a' }, { name: 'b', configMap: { name: 'x' } }, { name: 'c', hostPath: { path: '/x' } }];
      expect((await tryOut({ containers: [container], volumes, serviceAccountName: 'x' })).body.spec).toMatchObject({
        containers: [
          {
            env: [{ valueFrom: { fieldRef: { apiVersion: 'v1' } } }],
            livenessProbe: {
              ...{ httpGet: { path: '/', scheme: 'HTTP' }, timeoutSeconds: 1, periodSeconds: 10 },
              ...{ successThreshold: 1, failureThreshold: 3 },
            },
          },
        ],
        volumes: [{ emptyDir: {} }, { configMap: { defaultMode: 420 } }, { hostPath: { type: '' } }],
        ...{ priority: 0, preemptionPolicy: 'PreemptLowerPriority', serviceAccount: 'x' },
      });
    });

    it('that wait at a gate say so', async () => {
      const { body } = await tryOut({ schedulingGates: [{ name: 'example.com/wait' }] });
      expect(body.status).toMatchObject({
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
      });
    });

    it.each<readonly [name: string, type: string, body: unknown, cause: string]>([
      [
        'a container more',
        STRATEGIC_PATCH,
        { spec: { containers: [{ name: 'd', image: 'i' }] } },
        'spec.containers FieldValueForbidden',
      ],
      ['a toleration less', MERGE_PATCH, { spec: { tolerations: null } }, 'spec.tolerations FieldValueForbidden'],
      [
        'a later deadline',
        MERGE_PATCH,
        { spec: { activeDeadlineSeconds: 61 } },
        'spec.activeDeadlineSeconds FieldValueInvalid',
      ],
      ['another time to end', MERGE_PATCH, { spec: { terminationGracePeriodSeconds: 5 } }, 'spec FieldValueForbidden'],
      ['a wrong type', STRATEGIC_PATCH, { spec: { hostNetwork: 'yes' } }, 'patch FieldValueInvalid'],
    ])('do not take %s', async (_, type, body, cause) => {
      const answer = await context.api.call('PATCH', `${PODS}/lasting?dryRun=All`, { body, type });
      expect([answer.status, causesOf(answer)]).toEqual([422, [cause]]);
    });

    it.each([
      ['another image', [{ op: 'replace', path: '/spec/containers/0/image', value: 'nginx:2' }]],
      ['a toleration more', [{ op: 'add', path: '/spec/tolerations/-', value: { key: 'b', operator: 'Exists' } }]],
      ['an earlier deadline', [{ op: 'replace', path: '/spec/activeDeadlineSeconds', value: 59 }]],
    ])('take %s', async (_, body) => {
      const answer = await context.api.call('PATCH', `${PODS}/lasting?dryRun=All`, { body, type: JSON_PATCH });
      expect([answer.status, answer.body.message]).toEqual([200, undefined]);
    });

    it('with a variable that stands twice are taken with a warning', async () => {
      const { status, headers } = await tryOut({
        containers: [{ name: 'c', image: 'i', env: [{ name: 'A' }, { name: 'A' }] }],
      });
      expect(status).toBe(201);
      expect(headers.warning).toMatch(/^299 - "spec\.containers\[0\]\.env\[1\]: /);
    });
  });
}
