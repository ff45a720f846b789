import { CNI_CODE, CniError } from './cni-error.ts';
import type { CniEnvironment } from './environment.ts';

export interface PodName {
  readonly namespace: string;
  readonly pod: string;
}

export interface PodIdentity extends PodName {
  /** Of the Pod object. */
  readonly uid: string;
}

/** The pod that a container belongs to, as far as the runtime tells. */
export function podNameOf({ args }: CniEnvironment): PodName | undefined {
  const namespace = args.get('K8S_POD_NAMESPACE');
  const pod = args.get('K8S_POD_NAME');
  return namespace === undefined || pod === undefined ? undefined : { namespace, pod };
}

/**
 * The pod of an ADD. Policy is per pod and per UID, so that a container of
 * nobody cannot be connected.
 *
 * @throws {CniError} 4
 */
export function podIdentityOf(environment: CniEnvironment): PodName & { readonly uid?: string } {
  const name = podNameOf(environment);
  if (!name) {
    throw new CniError(
      CNI_CODE.invalidEnvironment,
      'CNI_ARGS does not name the pod: K8S_POD_NAMESPACE and K8S_POD_NAME are needed',
    );
  }
  const uid = environment.args.get('K8S_POD_UID');
  return { ...name, ...(uid !== undefined && { uid }) };
}
