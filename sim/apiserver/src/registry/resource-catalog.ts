import { apiVersionOf, collectionOf, type ServedResource } from './served-resource.ts';

/** The kinds that are served now. Kinds of CustomResourceDefinitions come and go. */
export class ResourceCatalog {
  readonly #resources = new Map<string, ServedResource>();
  #generation = 0;

  constructor(builtIn: readonly ServedResource[]) {
    for (const resource of builtIn) this.add(resource);
  }

  /** Grows with every change; documents made from the catalog are valid for one generation. */
  get generation(): number {
    return this.#generation;
  }

  add(resource: ServedResource): void {
    this.#resources.set(`${apiVersionOf(resource)}/${resource.plural}`, resource);
    this.#generation += 1;
  }

  /** Removes all versions of a kind. */
  remove(group: string, plural: string): void {
    for (const [key, resource] of this.#resources) {
      if (resource.group === group && resource.plural === plural) this.#resources.delete(key);
    }
    this.#generation += 1;
  }

  find(apiVersion: string, plural: string): ServedResource | undefined {
    return this.#resources.get(`${apiVersion}/${plural}`);
  }

  all(): ServedResource[] {
    return [...this.#resources.values()];
  }

  /** One served version of each namespaced collection. */
  namespacedCollections(): ServedResource[] {
    const byCollection = new Map<string, ServedResource>();
    for (const resource of this.all()) if (resource.namespaced) byCollection.set(collectionOf(resource), resource);
    return [...byCollection.values()];
  }

  /** Group versions, the core group first, then by name. */
  groupVersions(): string[] {
    const names = new Set(this.all().map(apiVersionOf));
    return [...names].sort((a, b) => Number(a.includes('/')) - Number(b.includes('/')) || (a < b ? -1 : 1));
  }
}
