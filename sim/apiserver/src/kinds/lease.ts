import type { FieldError } from '../error.ts';
import { invalidValue } from '../registry/metadata.ts';
import type { ApiObject } from '../storage/entry.ts';
import { builtIn } from './built-in.ts';
import { AGE, NAME, textColumn } from './columns.ts';

interface Spec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly leaseTransitions?: number;
}

export const LEASE = builtIn({
  group: 'coordination.k8s.io',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  strategy: { validate: leaseErrors },
  columns: [NAME, textColumn('Holder', 'Who holds it.', (object) => specOf(object).holderIdentity), AGE],
});

function specOf(object: ApiObject): Spec {
  return (object.spec ?? {}) as Spec;
}

function leaseErrors(object: ApiObject): FieldError[] {
  const { leaseDurationSeconds: seconds, leaseTransitions: transitions } = specOf(object);
  return [
    ...(seconds !== undefined && seconds <= 0
      ? [invalidValue('spec.leaseDurationSeconds', seconds, 'must be greater than 0')]
      : []),
    ...(transitions !== undefined && transitions < 0
      ? [invalidValue('spec.leaseTransitions', transitions, 'must not be less than 0')]
      : []),
  ];
}
