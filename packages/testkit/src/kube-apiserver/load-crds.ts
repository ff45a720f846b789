import type { ApiBody, ApiClient } from '../kubernetes-api/api-client.ts';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const ESTABLISH_TIMEOUT_MS = 20_000;

/** Creates CustomResourceDefinitions, one a text of YAML, and waits until their kinds are served. @throws {Error} */
export async function loadManifests(client: ApiClient, manifests: readonly string[]): Promise<void> {
  for (const raw of manifests) {
    const { status, body } = await client.call('POST', CRDS, { raw, type: 'application/yaml' });
    if (status !== 201) throw new Error(`a definition is refused: ${body.message}`);
    await untilServed(client, body.metadata.name);
  }
}

async function untilServed(client: ApiClient, name: string): Promise<void> {
  const deadline = Date.now() + ESTABLISH_TIMEOUT_MS;
  for (;;) {
    const { body } = await client.call<Definition>('GET', `${CRDS}/${name}`);
    const { group, names, versions } = body.spec;
    const path = `/apis/${group}/${versions[0]?.name}/${names.plural}`;
    const established = body.status?.conditions?.some(
      ({ type, status }) => type === 'Established' && status === 'True',
    );
    // The discovery documents follow a moment after.
    if (established === true && (await client.call('GET', path)).status === 200) {
      const { paths } = (await client.call<{ paths: object }>('GET', '/openapi/v3')).body;
      if (`apis/${group}/${versions[0]?.name}` in paths) return;
    }
    if (Date.now() > deadline) throw new Error(`${name} is not served after ${ESTABLISH_TIMEOUT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface Definition extends ApiBody {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string }[];
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}
