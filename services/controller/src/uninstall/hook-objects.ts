/** What does the cleaning on the nodes: a DaemonSet and its account, all of that name. */
export const NODE_HOOK = 'margay-uninstall';
/** What waits for it: a Job, its account and its ConfigMap, all of that name. */
export const WAIT_HOOK = 'margay-uninstall-wait';
/** Selects both, and nothing of a release. With blanks: a shell has to be given it in quotes. */
export const HOOK_SELECTOR = 'app.kubernetes.io/name=margay,app.kubernetes.io/component in (uninstall,uninstall-wait)';

/** Where the API serves the objects of an uninstall. */
export interface HookPaths {
  /** What runs, in the order in which it has to end: the Job would take the other for done. */
  readonly running: readonly string[];
  /** Accounts with their rights, and what was mounted. */
  readonly rest: readonly string[];
}

export function hookPaths(namespace: string): HookPaths {
  return {
    running: [
      pathOf('apis/batch/v1', 'jobs', WAIT_HOOK, namespace),
      pathOf('apis/apps/v1', 'daemonsets', NODE_HOOK, namespace),
    ],
    rest: [
      pathOf('api/v1', 'configmaps', WAIT_HOOK, namespace),
      pathOf('api/v1', 'serviceaccounts', NODE_HOOK, namespace),
      clusterPath('clusterrolebindings', NODE_HOOK),
      clusterPath('clusterroles', NODE_HOOK),
      ...waitAccount(namespace).rights,
      waitAccount(namespace).clusterRights,
    ],
  };
}

/** The account of what waits: the binding that gives it its cluster-wide rights, and all else. */
export function waitAccount(namespace: string): { readonly clusterRights: string; readonly rights: readonly string[] } {
  const rbac = 'apis/rbac.authorization.k8s.io/v1';
  return {
    clusterRights: clusterPath('clusterrolebindings', WAIT_HOOK),
    rights: [
      pathOf('api/v1', 'serviceaccounts', WAIT_HOOK, namespace),
      pathOf(rbac, 'rolebindings', WAIT_HOOK, namespace),
      pathOf(rbac, 'roles', WAIT_HOOK, namespace),
      clusterPath('clusterroles', WAIT_HOOK),
    ],
  };
}

/** As a person names it: `daemonsets/margay-uninstall`. */
export function shortName(path: string): string {
  return path.split('/').slice(-2).join('/');
}

function clusterPath(plural: string, name: string): string {
  return `/apis/rbac.authorization.k8s.io/v1/${plural}/${name}`;
}

function pathOf(api: string, plural: string, name: string, namespace: string): string {
  return `/${api}/namespaces/${encodeURIComponent(namespace)}/${plural}/${name}`;
}
