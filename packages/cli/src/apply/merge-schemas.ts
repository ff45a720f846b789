import type { ApiClient } from '../api/client.ts';
import { type ApiKind, apiVersionOf } from '../api/types.ts';
import { type MergeSchema, mergeSchemaOf, type OpenApiDocument } from './merge-schema.ts';

/** Merge schemas as they are needed; each group version is asked for once. */
export class MergeSchemas {
  readonly #api: ApiClient;
  readonly #documents = new Map<string, Promise<OpenApiDocument>>();

  constructor(api: ApiClient) {
    this.#api = api;
  }

  /** Custom resources merge by plain JSON merge patch, as in kubectl: no list has keys. */
  async of(kind: ApiKind): Promise<MergeSchema | undefined> {
    const apiVersion = apiVersionOf(kind);
    const path = `/openapi/v3/${kind.group === '' ? 'api' : 'apis'}/${apiVersion}`;
    const document = this.#documents.get(apiVersion) ?? this.#api.demand({ method: 'GET', path });
    this.#documents.set(apiVersion, document);
    return mergeSchemaOf(await document, kind);
  }
}
