import { createHash } from 'node:crypto';
import { KUBERNETES_VERSION_TEXT } from '@margay/model';
import type { ResourceCatalog } from '../registry/resource-catalog.ts';
import { apiVersionOf } from '../registry/served-resource.ts';
import { pathsOf } from './paths.ts';
import { componentSchemas } from './schemas.ts';
import { type SwaggerDocument, swaggerDefinitions, swaggerPaths } from './swagger.ts';
import { encodeSwagger } from './swagger-protobuf.ts';

const INFO = { title: 'Kubernetes', version: KUBERNETES_VERSION_TEXT };

/** The OpenAPI documents, made when they are first asked for and again when a kind came or went. */
export class OpenApiDocuments {
  readonly #catalog: ResourceCatalog;
  #documents = new Map<string, string>();
  #protobuf: Buffer | undefined;
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

  /** GET /openapi/v2, as JSON text: all kinds in one document. */
  swagger(): string {
    return this.#cached('v2', () => this.#swagger()) ?? '';
  }

  /** GET /openapi/v2 in protobuf, as kubectl asks for it. */
  swaggerProtobuf(): Buffer {
    this.#renew();
    this.#protobuf ??= encodeSwagger(this.#swagger());
    return this.#protobuf;
  }

  #swagger(): SwaggerDocument {
    const resources = this.#catalog.all();
    return {
      swagger: '2.0',
      info: INFO,
      paths: swaggerPaths(Object.assign({}, ...resources.map(pathsOf)) as Record<string, object>),
      definitions: swaggerDefinitions(componentSchemas(resources)),
    };
  }

  #cached(key: string, make: () => object | undefined): string | undefined {
    this.#renew();
    const found = this.#documents.get(key);
    if (found !== undefined) return found;
    const document = make();
    if (document === undefined) return undefined;
    const text = JSON.stringify(document, wrapReference);
    this.#documents.set(key, text);
    return text;
  }

  /** Forgets the documents when a kind came or went. */
  #renew(): void {
    if (this.#generation === this.#catalog.generation) return;
    this.#generation = this.#catalog.generation;
    this.#documents = new Map();
    this.#protobuf = undefined;
  }
}

/** What stands beside a `$ref` does not count (OpenAPI 3.0): a described reference goes into `allOf`. */
function wrapReference(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('$ref' in value) || typeof value.$ref !== 'string') return value;
  const { $ref, ...others } = value;
  return Object.keys(others).length === 0 ? value : { ...others, allOf: [{ $ref }] };
}
