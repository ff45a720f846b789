import { describe, expect, it } from 'vitest';
import type { ContractContext } from './contract-context.ts';

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
  readonly [extension: `x-kubernetes-${string}`]: unknown;
}

interface Document {
  readonly openapi?: string;
  readonly swagger?: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>> & { readonly serverRelativeURL?: string }>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  readonly definitions: Readonly<Record<string, Schema>>;
}

interface PatchOperation {
  readonly requestBody: { readonly content: object };
  readonly consumes: readonly string[];
}

const PROTOBUF = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

/** A published schema of each kind that both servers have. */
const KINDS: readonly (readonly [document: string, name: string])[] = [
  ...['Pod', 'Node', 'Namespace', 'Service', 'Endpoints', 'Event', 'ServiceAccount', 'ConfigMap', 'Secret'].map(
    (kind) => ['api/v1', `io.k8s.api.core.v1.${kind}`] as const,
  ),
  ['apis/networking.k8s.io/v1', 'io.k8s.api.networking.v1.NetworkPolicy'],
  ['apis/coordination.k8s.io/v1', 'io.k8s.api.coordination.v1.Lease'],
  ['apis/discovery.k8s.io/v1', 'io.k8s.api.discovery.v1.EndpointSlice'],
  ['apis/apiextensions.k8s.io/v1', 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition'],
  ['apis/networking.margay.dev/v1', 'dev.margay.networking.v1.IPPool'],
];

export function describeOpenApi(context: ContractContext): void {
  const get = async (path: string): Promise<Document> => (await context.api.call<Document>('GET', path)).body;

  describe('OpenAPI', () => {
    it('3 tells where the document of each group version is', async () => {
      const { paths } = await get('/openapi/v3');
      for (const [document] of KINDS) {
        expect(paths[document]?.serverRelativeURL).toMatch(new RegExp(`^/openapi/v3/${document}\\?hash=[0-9A-F]+$`));
      }
    });

    it.each(KINDS)('3: %s describes %s', async (document, name) => {
      const { openapi, components } = await get(`/openapi/v3/${document}`);
      expect(openapi).toBe('3.0.0');
      const schema = components.schemas[name];
      expect(schema?.['x-kubernetes-group-version-kind']).toHaveLength(1);
      expect(Object.keys(schema?.properties ?? {})).toEqual(expect.arrayContaining(['apiVersion', 'kind', 'metadata']));
      expect(danglingReferences(components.schemas, '#/components/schemas/')).toEqual([]);
    });

    it.each([
      ['io.k8s.api.core.v1.PodSpec', 'containers', 'merge', 'name'],
      ['io.k8s.api.core.v1.PodSpec', 'volumes', 'merge,retainKeys', 'name'],
      ['io.k8s.api.core.v1.Container', 'env', 'merge', 'name'],
      ['io.k8s.api.core.v1.Container', 'ports', 'merge', 'containerPort'],
      ['io.k8s.api.core.v1.PodStatus', 'conditions', 'merge', 'type'],
      ['io.k8s.api.core.v1.NodeStatus', 'addresses', 'merge', 'type'],
      ['io.k8s.api.core.v1.ServiceSpec', 'ports', 'merge', 'port'],
      ['io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta', 'ownerReferences', 'merge', 'uid'],
      ['io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta', 'finalizers', 'merge', undefined],
    ])('3: how %s.%s merges', async (type, field, strategy, key) => {
      const { components } = await get('/openapi/v3/api/v1');
      const property = components.schemas[type]?.properties?.[field];
      expect(property?.['x-kubernetes-patch-strategy']).toBe(strategy);
      expect(property?.['x-kubernetes-patch-merge-key']).toBe(key);
    });

    it('3: says of custom kinds what every object has', async () => {
      const { components } = await get('/openapi/v3/apis/networking.margay.dev/v1');
      const { apiVersion, kind, metadata } = components.schemas['dev.margay.networking.v1.IPPool']?.properties ?? {};
      for (const field of [apiVersion, kind, metadata]) expect(field?.description).toMatch(/./);
      expect(metadata?.allOf).toEqual([
        { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' },
      ]);
    });

    it('3: the patch of a kind takes fieldValidation', async () => {
      const { paths } = await get('/openapi/v3/apis/networking.margay.dev/v1');
      const { patch } = paths['/apis/networking.margay.dev/v1/ippools/{name}'] as {
        patch: { parameters: { name: string }[]; 'x-kubernetes-group-version-kind': object };
      };
      expect(patch.parameters.map(({ name }) => name)).toContain('fieldValidation');
      expect(patch['x-kubernetes-group-version-kind']).toMatchObject({ kind: 'IPPool', version: 'v1' });
    });

    it('3: the status of a custom kind has a path where it is one of its own', async () => {
      const { paths } = await get('/openapi/v3/apis/networking.margay.dev/v1');
      const path = paths['/apis/networking.margay.dev/v1/ippools/{name}/status'] ?? {};
      expect(Object.keys(path)).toEqual(expect.arrayContaining(['get', 'put', 'patch']));
      expect(Object.keys(path)).not.toContain('delete');
      expect(paths).not.toHaveProperty(['/apis/networking.margay.dev/v1/ipamblocks/{name}/status']);
    });

    it('tells which patches a kind takes', async () => {
      const types = ['json-patch', 'merge-patch', 'strategic-merge-patch'].map((name) => `application/${name}+json`);
      const maps = '/api/v1/namespaces/{namespace}/configmaps/{name}';
      const pools = '/apis/networking.margay.dev/v1/ippools/{name}';
      const v3 = async (document: string, path: string): Promise<string[]> => {
        const { patch } = (await get(`/openapi/v3/${document}`)).paths[path] as { patch: PatchOperation };
        return Object.keys(patch.requestBody.content);
      };
      expect(await v3('api/v1', maps)).toEqual(expect.arrayContaining(types));
      expect(await v3('apis/networking.margay.dev/v1', pools)).not.toContain(types[2]);
      const { paths } = await get('/openapi/v2');
      expect((paths[maps] as { patch: PatchOperation }).patch.consumes).toEqual(expect.arrayContaining(types));
      expect((paths[pools] as { patch: PatchOperation }).patch.consumes).not.toContain(types[2]);
    });

    it('2 describes all kinds in one document', async () => {
      const { swagger, definitions, paths } = await get('/openapi/v2');
      expect(swagger).toBe('2.0');
      for (const [, name] of KINDS) expect(definitions[name]?.['x-kubernetes-group-version-kind']).toHaveLength(1);
      expect(definitions['io.k8s.apimachinery.pkg.api.resource.Quantity']?.type).toBe('string');
      expect(definitions['io.k8s.apimachinery.pkg.util.intstr.IntOrString']?.type).toBe('string');
      expect(danglingReferences(definitions, '#/definitions/')).toEqual([]);
      expect(paths['/api/v1/namespaces/{name}']).toHaveProperty('patch');
    });

    it('2 comes in protobuf to who asks for that, and in no form that there is not', async () => {
      const { status, headers, bytes } = await context.api.call('GET', '/openapi/v2', { accept: PROTOBUF });
      expect([status, headers['content-type']]).toEqual([200, PROTOBUF.replace('@', '.')]);
      // Field 1 of the document: its version.
      expect(bytes.subarray(0, 5)).toEqual(Buffer.from([0x0a, 3, ...Buffer.from('2.0')]));
      expect((await context.api.call('GET', '/openapi/v2', { accept: 'image/png' })).status).toBe(406);
    });
  });
}

/** References to schemas that the document does not have. */
function danglingReferences(schemas: Readonly<Record<string, Schema>>, prefix: string): string[] {
  const found = JSON.stringify(schemas).matchAll(/"\$ref":"([^"]+)"/g);
  const names = Array.from(found, ([, reference = '']) => reference);
  return names.filter((reference) => schemas[reference.replace(prefix, '')] === undefined);
}
