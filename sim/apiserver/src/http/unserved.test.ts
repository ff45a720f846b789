import { describe, expect, it } from 'vitest';
import { BUILT_IN_RESOURCES } from '../kinds/index.ts';
import { ResourceCatalog } from '../registry/resource-catalog.ts';
import type { ServedResource } from '../registry/served-resource.ts';
import { unservedKind, unservedSubresource } from './unserved.ts';

const CATALOG = new ResourceCatalog(BUILT_IN_RESOURCES);
const GENERIC = 'the server could not find the requested resource';

describe('unservedKind', () => {
  const answerTo = (apiVersion: string, plural: string): string | undefined =>
    unservedKind({ apiVersion, plural, namespace: undefined, name: undefined, subresource: undefined })?.message;

  it.each([
    ['apps/v1', 'deployments', /^the simulator does not serve deployments\.apps; /],
    ['storage.k8s.io/v1', 'storageclasses', /^the simulator does not serve storageclasses\.storage\.k8s\.io; /],
    ['v1', 'resourcequotas', /^the simulator does not serve resourcequotas; /],
    ['v1', 'nopes', new RegExp(`^${GENERIC}$`)],
  ])('%s %s', (apiVersion, plural, message) => {
    expect(answerTo(apiVersion, plural)).toMatch(message);
  });

  it.each(['nothing.example.com/v1', 'networking.margay.dev/v1'])('has nothing to say of kinds of %s', (apiVersion) => {
    expect(answerTo(apiVersion, 'widgets')).toBeUndefined();
  });
});

function served(plural: string): ServedResource {
  const resource = CATALOG.find('v1', plural);
  if (resource === undefined) throw new Error(`${plural} are not served`);
  return resource;
}

describe('unservedSubresource', () => {
  it.each([
    ['pods', 'resize', 'resources of a pod cannot change'],
    ['pods', 'proxy', 'there is nothing to forward to'],
    ['services', 'proxy', 'forwards nothing to services'],
    ['nodes', 'proxy', 'forwards nothing to nodes'],
  ])('%s/%s is refused with a sentence', (plural, subresource, says) => {
    const error = unservedSubresource(served(plural), subresource);
    expect([error.httpStatus, error.message]).toEqual([405, expect.stringContaining(says)]);
  });

  it('that Kubernetes has not either is not found', () => {
    const error = unservedSubresource(served('pods'), 'nothing');
    expect([error.httpStatus, error.message, error.details]).toEqual([404, GENERIC, {}]);
  });
});
