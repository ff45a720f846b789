import { createHash } from 'node:crypto';
import { KUBERNETES_VERSION_TEXT } from '@margay/model';
import type { ResourceCatalog } from '../registry/resource-catalog.ts';
import { apiVersionOf } from '../registry/served-resource.ts';
import { pathsOf } from './paths.ts';
import { componentSchemas } from './schemas.ts';

const INFO = { title: 'Kubernetes', version: KUBERNETES_VERSION_TEXT };

/** The OpenAPI documents, made when they are first asked for and again when a kind came or went. */
export class OpenApiDocuments {
  readonly #catalog: ResourceCatalog;
  #documents = new Map<string, string>();
  #generation = -1;

  constructor(catalog: ResourceCatalog) {
    this.#catalog = catalog;
  }

  /** GET /openapi/v3: where the document of each group version is. */
  index(): object {
    const paths = this.#catalog.groupVersions().map((groupVersion) => {
      const path = groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`;
      const hash = createHash('sha256')
        .update(this.groupVersion(path) ?? '')
        .digest('hex')
        .slice(0, 32)
        .toUpperCase();
      return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }] as const;
    });
    return { paths: Object.fromEntries(paths) };
  }

  /** GET /openapi/v3/PATH, as JSON text; undefined when it is not served. */
  groupVersion(path: string): string | undefined {
    return this.#cached(path, () => {
      const resources = this.#catalog
        .all()
        .filter((resource) => path === (resource.group === '' ? 'api/' : 'apis/') + apiVersionOf(resource));
      if (resources.length === 0) return undefined;
      return {
        openapi: '3.0.0',
        info: INFO,
        paths: Object.assign({}, ...resources.map(pathsOf)) as object,
        components: { schemas: componentSchemas(resources) },
      };
    });
  }

  /** GET /openapi/v2: the schemas of all kinds. */
  swagger(): string {
    const text = this.#cached('v2', () => ({
      swagger: '2.0',
      info: INFO,
      paths: {},
      definitions: componentSchemas(this.#catalog.all()),
    }));
    return (text ?? '').replaceAll('#/components/schemas/', '#/definitions/');
  }

  #cached(key: string, make: () => object | undefined): string | undefined {
    if (this.#generation !== this.#catalog.generation) {
      this.#generation = this.#catalog.generation;
      this.#documents = new Map();
    }
    const found = this.#documents.get(key);
    if (found !== undefined) return found;
    const document = make();
    if (document === undefined) return undefined;
    const text = JSON.stringify(document, wrapReference);
    this.#documents.set(key, text);
    return text;
  }
}

/** What stands beside a `$ref` does not count (OpenAPI 3.0): a described reference goes into `allOf`. */
function wrapReference(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('$ref' in value) || typeof value.$ref !== 'string') return value;
  const { $ref, ...others } = value;
  return Object.keys(others).length === 0 ? value : { ...others, allOf: [{ $ref }] };
}
