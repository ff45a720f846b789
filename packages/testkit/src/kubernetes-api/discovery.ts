import { describe, expect, it } from 'vitest';
import type { ApiBody } from './api-client.ts';
import type { ContractContext } from './contract-context.ts';

interface ResourceList extends ApiBody {
  readonly resources: readonly { readonly name: string; readonly [field: string]: unknown }[];
}

interface Discovered extends ApiBody {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources: readonly { readonly resource: string }[];
    }[];
  }[];
}

/** The kinds that both servers serve, with the verbs that matter here left out: those are asked for below. */
const KINDS: readonly (readonly [path: string, plural: string, expected: object])[] = [
  ['/api/v1', 'pods', { kind: 'Pod', namespaced: true, singularName: 'pod', shortNames: ['po'], categories: ['all'] }],
  ['/api/v1', 'pods/status', { kind: 'Pod', namespaced: true, singularName: '' }],
  ['/api/v1', 'pods/binding', { kind: 'Binding', namespaced: true }],
  ['/api/v1', 'nodes', { kind: 'Node', namespaced: false, singularName: 'node', shortNames: ['no'] }],
  ['/api/v1', 'namespaces', { kind: 'Namespace', namespaced: false, singularName: 'namespace', shortNames: ['ns'] }],
  ['/api/v1', 'namespaces/finalize', { kind: 'Namespace', namespaced: false }],
  ['/api/v1', 'services', { kind: 'Service', singularName: 'service', shortNames: ['svc'], categories: ['all'] }],
  ['/api/v1', 'endpoints', { kind: 'Endpoints', singularName: 'endpoints', shortNames: ['ep'] }],
  ['/api/v1', 'events', { kind: 'Event', singularName: 'event', shortNames: ['ev'] }],
  ['/api/v1', 'serviceaccounts', { kind: 'ServiceAccount', singularName: 'serviceaccount', shortNames: ['sa'] }],
  ['/api/v1', 'configmaps', { kind: 'ConfigMap', singularName: 'configmap', shortNames: ['cm'] }],
  ['/api/v1', 'secrets', { kind: 'Secret', singularName: 'secret' }],
  [
    '/apis/networking.k8s.io/v1',
    'networkpolicies',
    { kind: 'NetworkPolicy', singularName: 'networkpolicy', shortNames: ['netpol'] },
  ],
  ['/apis/coordination.k8s.io/v1', 'leases', { kind: 'Lease', singularName: 'lease' }],
  ['/apis/discovery.k8s.io/v1', 'endpointslices', { kind: 'EndpointSlice', singularName: 'endpointslice' }],
  [
    '/apis/apiextensions.k8s.io/v1',
    'customresourcedefinitions',
    { kind: 'CustomResourceDefinition', shortNames: ['crd', 'crds'], categories: ['api-extensions'] },
  ],
  [
    '/apis/networking.margay.dev/v1',
    'ippools',
    { kind: 'IPPool', namespaced: false, singularName: 'ippool', shortNames: ['ipp'], categories: ['margay'] },
  ],
  ['/apis/networking.margay.dev/v1', 'ippools/status', { kind: 'IPPool', namespaced: false, singularName: '' }],
];

export function describeDiscovery(context: ContractContext): void {
  describe('discovery', () => {
    it.each(KINDS)('%s lists %s', async (path, plural, expected) => {
      const { status, body } = await context.api.call<ResourceList>('GET', path);
      expect([status, body.kind]).toEqual([200, 'APIResourceList']);
      expect(body.resources.find(({ name }) => name === plural)).toMatchObject(expected);
    });

    it.each([
      ['/api/v1', 'configmaps', 'create delete deletecollection get list patch update watch'],
      ['/api/v1', 'namespaces', 'create delete get list patch update watch'],
      ['/api/v1', 'nodes/status', 'get patch update'],
      ['/api/v1', 'namespaces/finalize', 'update'],
      ['/api/v1', 'pods/binding', 'create'],
      ['/apis/networking.margay.dev/v1', 'ippools/status', 'get patch update'],
      ['/apis/authorization.k8s.io/v1', 'selfsubjectaccessreviews', 'create'],
    ])('%s tells what can be done with %s', async (path, plural, verbs) => {
      const { body } = await context.api.call<ResourceList>('GET', path);
      const found = body.resources.find(({ name }) => name === plural);
      expect([...((found?.verbs ?? []) as string[])].sort().join(' ')).toBe(verbs);
    });

    it('lists versions and groups', async () => {
      const core = await context.api.call('GET', '/api');
      expect([core.body.kind, core.body.versions]).toEqual(['APIVersions', ['v1']]);
      const { body } = await context.api.call<ApiBody & { groups: { name: string; preferredVersion: object }[] }>(
        'GET',
        '/apis',
      );
      expect([body.kind, body.apiVersion]).toEqual(['APIGroupList', 'v1']);
      const group = body.groups.find(({ name }) => name === 'networking.margay.dev');
      expect(group?.preferredVersion).toEqual({ groupVersion: 'networking.margay.dev/v1', version: 'v1' });
      const one = await context.api.call('GET', '/apis/networking.margay.dev');
      expect([one.body.kind, one.body.name]).toEqual(['APIGroup', 'networking.margay.dev']);
    });

    it('gives all groups in one document', async () => {
      const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
      const { headers, body } = await context.api.call<Discovered>('GET', '/apis', { accept });
      expect(headers['content-type']).toContain('v=v2');
      expect([body.kind, body.apiVersion]).toEqual(['APIGroupDiscoveryList', 'apidiscovery.k8s.io/v2']);
      const group = body.items.find(({ metadata }) => metadata.name === 'networking.margay.dev');
      const found = (plural: string): unknown =>
        group?.versions[0]?.resources.find(({ resource }) => resource === plural);
      expect(found('ippools')).toMatchObject({
        responseKind: { group: 'networking.margay.dev', version: 'v1', kind: 'IPPool' },
        scope: 'Cluster',
        singularResource: 'ippool',
        shortNames: ['ipp'],
        categories: ['margay'],
        subresources: [{ subresource: 'status', responseKind: { kind: 'IPPool' } }],
      });
      expect((found('ipamblocks') as { subresources?: object[] }).subresources ?? []).toEqual([]);
      const core = await context.api.call<Discovered>('GET', '/api', { accept });
      expect(core.body.items.map(({ versions }) => versions.map((item) => item.version))).toEqual([['v1']]);
    });

    it('tells its version', async () => {
      const { body } = await context.api.call('GET', '/version');
      expect([body.major, body.minor]).toEqual(['1', '34']);
    });

    it.each([
      '/nothing',
      '/api/v2',
      '/apis/nothing.example.com',
      '/api/v1/widgets',
      '/apis/networking.margay.dev/v9/ippools',
    ])('%s is not found', async (path) => {
      expect((await context.api.call('GET', path)).status).toBe(404);
    });

    it('tells of a missing kind of its own with a Status, of others without', async () => {
      const kind = await context.api.call('GET', '/api/v1/widgets');
      expect([kind.body.kind, kind.body.reason, kind.body.details]).toEqual(['Status', 'NotFound', {}]);
      for (const group of ['networking.margay.dev', 'nothing.example.com']) {
        const other = await context.api.call<string>('GET', `/apis/${group}/v1/widgets`);
        expect([other.status, other.body]).toEqual([404, '404 page not found\n']);
      }
      const part = await context.api.call('GET', '/apis/networking.margay.dev/v1/ippools/x/scale');
      expect([part.status, part.body.details?.name]).toEqual([404, 'x']);
    });
  });
}
