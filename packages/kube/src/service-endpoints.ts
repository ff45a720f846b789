import type { EndpointSlice } from '@margay/model';
import type { FindEndpoints, ResourceStore } from '@margay/ports';
import { OptionError, type OptionSpec } from '@margay/runtime';
import { parseServiceAddress, WireError } from '@margay/wire';

/** By this label a slice names its Service. Source: Kubernetes, discovery.k8s.io/v1. */
const SERVICE_LABEL = 'kubernetes.io/service-name';

/**
 * Looks Services up in the Kubernetes API, so that neither DNS nor kube-proxy
 * has to run. Needs the right to list endpointslices in the Service's
 * namespace.
 */
export function createEndpointFinder(store: ResourceStore): FindEndpoints {
  return async ({ service, namespace }, signal) => {
    const { items } = await store.list('EndpointSlice', {
      namespace,
      labelSelector: `${SERVICE_LABEL}=${service}`,
      signal,
    });
    return [...new Set(items.flatMap(readyAddresses))].sort();
  };
}

/** Of each ready pod one address: Kubernetes says that the others are the same pod's, and not to be used. */
function readyAddresses({ addressType, endpoints = [] }: EndpointSlice): string[] {
  if (addressType === 'FQDN') return [];
  return endpoints
    .filter(({ conditions = {} }) => conditions.ready !== false && conditions.terminating !== true)
    .flatMap(({ addresses }) => addresses.slice(0, 1));
}

/** The option of a process that says where a service is; `readServiceAddress` checks its value. */
export function serviceAddressOption(service: string): OptionSpec & { readonly value: string } {
  const help = `Where ${service} is: HOST:PORT, or kubernetes:///SERVICE.NAMESPACE:PORT for any ready pod of a Service.`;
  return { help, value: 'ADDRESS' };
}

/** @throws {OptionError} it begins like the address of a Service, and is none */
export function readServiceAddress(text: string, option: string): string {
  try {
    parseServiceAddress(text);
    return text;
  } catch (error) {
    if (error instanceof WireError) throw new OptionError(`--${option}: ${error.message}.`);
    throw error;
  }
}
