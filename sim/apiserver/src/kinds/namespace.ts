import { fieldAt } from '../selectors/field.ts';
import type { ApiObject } from '../storage/entry.ts';
import { builtIn } from './built-in.ts';
import { AGE, NAME, pathColumn } from './columns.ts';

/** The finalizer in `spec` that stays until the namespace is empty. */
export const NAMESPACE_FINALIZER = 'kubernetes';

/** The label that a namespace always carries, so that selectors can name it. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

export const NAMESPACE = builtIn({
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
  shortNames: ['ns'],
  subresources: ['status', 'finalize'],
  selectableFields: { 'status.phase': fieldAt('status.phase') },
  columns: [NAME, pathColumn('Status', '.status.phase'), AGE],
  strategy: {
    nameRule: 'label',
    fill: (object) => {
      object.metadata.labels = { ...object.metadata.labels, [NAME_LABEL]: object.metadata.name };
    },
    prepareCreate: (object: ApiObject) => {
      const { finalizers = [] } = (object.spec ?? {}) as { finalizers?: string[] };
      object.spec = { finalizers: [...new Set([...finalizers, NAMESPACE_FINALIZER])] };
      object.status = { phase: 'Active' };
    },
  },
});
