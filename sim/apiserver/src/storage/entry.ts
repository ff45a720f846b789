/** The metadata of a stored object, as far as the server itself reads it. */
export interface StoredMeta {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  creationTimestamp: string;
  generation?: number;
  generateName?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: { apiVersion?: string; kind?: string; name?: string; uid?: string }[];
  managedFields?: unknown;
}

/** An object of any kind. What is stored is never changed: changes are made on copies. */
export interface ApiObject {
  apiVersion: string;
  kind: string;
  metadata: StoredMeta;
  [field: string]: unknown;
}

/** One version of a stored object; its text and its parsed form are made at most once. */
export class Entry {
  readonly key: string;
  readonly revision: number;
  #json: string | undefined;
  #itemJson: string | undefined;
  #object: ApiObject | undefined;

  private constructor(key: string, revision: number, form: { json?: string; object?: ApiObject }) {
    this.key = key;
    this.revision = revision;
    this.#json = form.json;
    this.#object = form.object;
  }

  static fromJson(key: string, revision: number, json: string): Entry {
    return new Entry(key, revision, { json });
  }

  static fromObject(key: string, revision: number, object: ApiObject): Entry {
    return new Entry(key, revision, { object });
  }

  get json(): string {
    this.#json ??= JSON.stringify(this.#object);
    return this.#json;
  }

  /** As an item of a list, where Kubernetes' own kinds do not name their kind. */
  get itemJson(): string {
    if (this.#itemJson === undefined) {
      const { apiVersion: _apiVersion, kind: _kind, ...rest } = this.object;
      this.#itemJson = JSON.stringify(rest);
    }
    return this.#itemJson;
  }

  get object(): ApiObject {
    this.#object ??= JSON.parse(this.json) as ApiObject;
    return this.#object;
  }
}

/** Where an object is stored below its kind: `namespace/name`, or `name`. */
export function entryKey(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
