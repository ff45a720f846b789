import { CUSTOM_RESOURCE_DEFINITION } from '../kinds/custom-resource-definition.ts';
import type { RegistryContext } from '../registry/context.ts';
import { collectionOf } from '../registry/served-resource.ts';
import type { Change } from '../storage/change.ts';
import type { ApiObject } from '../storage/entry.ts';
import { crdSpecOf } from './crd-object.ts';
import { resourcesOfCrd } from './crd-resources.ts';

const COLLECTION = collectionOf(CUSTOM_RESOURCE_DEFINITION);

/** Serves the kinds of the CustomResourceDefinitions that are stored, and follows their changes. */
export class CrdLifecycle {
  readonly #context: RegistryContext;

  constructor(context: RegistryContext) {
    this.#context = context;
    for (const { object } of context.store.list(COLLECTION)) this.#serve(object);
  }

  onChange({ collection, type, entry, previous }: Change): void {
    if (collection !== COLLECTION) return;
    if (previous !== undefined) this.#withdraw(previous.object);
    if (type !== 'DELETED') this.#serve(entry.object);
    // The objects of a kind go with its definition; after the change itself has been told.
    else queueMicrotask(() => this.#removeObjects(entry.object));
  }

  #serve(definition: ApiObject): void {
    for (const resource of resourcesOfCrd(definition)) this.#context.catalog.add(resource);
  }

  #withdraw(definition: ApiObject): void {
    const { group, names } = crdSpecOf(definition);
    this.#context.catalog.remove(group, names.plural);
  }

  #removeObjects(definition: ApiObject): void {
    const { group, names } = crdSpecOf(definition);
    const collection = collectionOf({ group, plural: names.plural });
    const { store } = this.#context;
    for (const { key } of store.list(collection)) store.remove(collection, key);
  }
}
