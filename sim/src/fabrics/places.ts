import { join } from 'node:path';

/** Names of the fabric's network namespaces. */
export const SPINE = 'spine';
export const OUTSIDE = 'outside';
/** The simulation's first namespace, in which its daemon and the central services run. */
export const CONTROL = 'control';

/** The kind is part of the name, so that a node may be called like a router. */
export function nodeNamespace(node: string): string {
  return `node.${node}`;
}

export function routerNamespace(router: string): string {
  return `router.${router}`;
}

/** Of a rack: its bridge, with the ends of its nodes' links. */
export function switchNamespace(rack: string): string {
  return `switch.${rack}`;
}

/** Where `ip netns` looks, in the daemon's own mount namespace. */
export const NAMESPACE_DIRECTORY = '/run/netns';

export function namespacePath(namespace: string): string {
  return join(NAMESPACE_DIRECTORY, namespace);
}
