import { describe, expect, it } from 'vitest';
import type { ContractContext } from './contract-context.ts';
import { configMap, MAPS, NAMESPACES, PODS, pod } from './manifests.ts';

const TYPE = 'application/vnd.kubernetes.protobuf';

/** One length-delimited field. */
function field(number: number, value: Buffer | string): Buffer {
  const bytes = Buffer.from(value);
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
  const tag = number < 16 ? [number * 8 + 2] : [((number * 8 + 2) & 127) | 128, number >> 4];
  return Buffer.concat([Buffer.from([...tag, ...length]), bytes]);
}

function number(at: number, value: number): Buffer {
  return Buffer.from([at * 8, value]);
}

function message(...fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields);
}

/** A body as client-go sends it: `k8s`, a zero byte and a runtime.Unknown. */
function envelope(apiVersion: string, kind: string, raw: Buffer): Buffer {
  const typeMeta = message(field(1, apiVersion), field(2, kind));
  return message(Buffer.from('k8s\0'), field(1, typeMeta), field(2, raw), field(3, ''), field(4, ''));
}

export function describeProtobuf(context: ContractContext): void {
  describe('protobuf requests', () => {
    it('create a namespace', async () => {
      const metadata = field(1, message(field(1, 'pb'), field(2, ''), field(8, message())));
      const raw = envelope('v1', 'Namespace', message(metadata, field(2, ''), field(3, '')));
      const { status, body } = await context.api.call('POST', `${NAMESPACES}?dryRun=All`, { raw, type: TYPE });
      expect([status, body.kind, body.metadata.name]).toEqual([201, 'Namespace', 'pb']);
    });

    it('create a pod with all that it holds', async () => {
      const port = message(field(1, 'http'), number(3, 80), field(4, 'TCP'));
      const limits = message(field(1, 'cpu'), field(2, message(field(1, '100m'))));
      const probe = message(
        field(1, message(field(2, message(field(1, '/'), field(2, message(number(1, 0), number(2, 80))))))),
      );
      const container = message(
        field(1, 'web'),
        field(2, 'nginx:1'),
        field(6, port),
        field(8, message(field(1, limits))),
        field(10, probe),
      );
      const toleration = message(field(1, 'k'), field(2, 'Exists'), field(4, 'NoExecute'), number(5, 60));
      const spec = message(field(2, container), field(3, 'Never'), field(22, toleration));
      const metadata = message(field(1, 'pb'), field(11, message(field(1, 'a'), field(2, 'b'))));
      const raw = envelope('v1', 'Pod', message(field(1, metadata), field(2, spec)));
      const { status, body } = await context.api.call('POST', `${PODS}?dryRun=All`, { raw, type: TYPE });
      expect({ status, message: body.message }).toEqual({ status: 201, message: undefined });
      expect(body.metadata.labels).toEqual({ a: 'b' });
      expect(body.spec).toMatchObject({
        restartPolicy: 'Never',
        containers: [
          {
            name: 'web',
            image: 'nginx:1',
            ports: [{ name: 'http', containerPort: 80, protocol: 'TCP' }],
            resources: { limits: { cpu: '100m' } },
            livenessProbe: { httpGet: { path: '/', port: 80 } },
          },
        ],
      });
      expect((body.spec as { tolerations: object[] }).tolerations).toContainEqual({
        key: 'k',
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 60,
      });
    });

    it('create policies, leases and endpoint slices', async () => {
      const metadata = field(1, message(field(1, 'pb')));
      const peer = message(field(3, message(field(1, '10.0.0.0/8'), field(2, '10.1.0.0/16'))));
      const rule = message(
        field(1, message(field(1, 'TCP'), field(2, message(number(1, 1), field(3, 'http'))))),
        field(2, peer),
      );
      const spec = message(field(1, message(field(1, message(field(1, 'a'), field(2, 'b'))))), field(2, rule));
      const call = (path: string, apiVersion: string, kind: string, raw: Buffer) =>
        context.api.call('POST', `${path}?dryRun=All`, { raw: envelope(apiVersion, kind, raw), type: TYPE });
      const policy = await call(
        '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies',
        'networking.k8s.io/v1',
        'NetworkPolicy',
        message(metadata, field(2, spec)),
      );
      expect([policy.status, policy.body.spec]).toEqual([
        201,
        {
          podSelector: { matchLabels: { a: 'b' } },
          policyTypes: ['Ingress'],
          ingress: [
            {
              ports: [{ protocol: 'TCP', port: 'http' }],
              from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }],
            },
          ],
        },
      ]);
      const lease = await call(
        '/apis/coordination.k8s.io/v1/namespaces/default/leases',
        'coordination.k8s.io/v1',
        'Lease',
        message(
          metadata,
          field(
            2,
            message(
              field(1, 'me'),
              number(2, 15),
              field(4, message(number(1, 1), Buffer.from([0x10, 0xc0, 0x84, 0x3d]))),
            ),
          ),
        ),
      );
      expect([lease.status, lease.body.spec]).toEqual([
        201,
        { holderIdentity: 'me', leaseDurationSeconds: 15, renewTime: '1970-01-01T00:00:01.001000Z' },
      ]);
      const endpoint = message(field(1, '192.0.2.7'), field(2, message(number(1, 1))));
      const slice = await call(
        '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices',
        'discovery.k8s.io/v1',
        'EndpointSlice',
        message(metadata, field(2, endpoint), field(4, 'IPv4')),
      );
      expect([slice.status, slice.body.endpoints]).toEqual([
        201,
        [{ addresses: ['192.0.2.7'], conditions: { ready: true } }],
      ]);
    });

    it('delete with options', async () => {
      await context.api.call('POST', MAPS, { body: configMap('pb') });
      const preconditions = message(field(1, '00000000-0000-0000-0000-000000000000'));
      const wrong = envelope('v1', 'DeleteOptions', message(number(1, 0), field(2, preconditions)));
      expect((await context.api.call('DELETE', `${MAPS}/pb`, { raw: wrong, type: TYPE })).status).toBe(409);
      const right = envelope('v1', 'DeleteOptions', message(field(4, 'Background')));
      expect((await context.api.call('DELETE', `${MAPS}/pb`, { raw: right, type: TYPE })).status).toBe(200);
    });

    it('that cannot be read are refused', async () => {
      const call = (path: string, raw: Buffer) => context.api.call('POST', path, { raw, type: TYPE });
      expect((await call(PODS, Buffer.from('nothing'))).status).toBe(400);
      expect((await call(PODS, envelope('v1', 'Pod', Buffer.from([0x0a, 0x7f])))).status).toBe(400);
    });

    it('are as good as JSON for a pod that is too wrong to be made', async () => {
      const metadata = field(1, message(field(1, 'pb')));
      const raw = envelope('v1', 'Pod', message(metadata, field(2, message())));
      const binary = await context.api.call('POST', PODS, { raw, type: TYPE });
      const text = await context.api.call('POST', PODS, { body: pod('pb', { containers: [] }) });
      expect([binary.status, binary.body.details]).toEqual([text.status, text.body.details]);
    });
  });
}
