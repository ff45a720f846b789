import { crdErrors, fillCrd, prepareCrd } from '../crd/crd-object.ts';
import { builtIn } from './built-in.ts';
import { NAME, textColumn } from './columns.ts';

export const CUSTOM_RESOURCE_DEFINITION = builtIn({
  group: 'apiextensions.k8s.io',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  subresources: ['status'],
  countsGenerations: true,
  columns: [NAME, textColumn('Created At', 'When it was made.', ({ metadata }) => metadata.creationTimestamp)],
  strategy: { fill: fillCrd, prepareCreate: prepareCrd, validate: crdErrors },
});
