/** What `kubectl explain` says about namespaces, in the notation of ../../schema/parse-descriptions.ts. */
export const NAMESPACE_DESCRIPTIONS = `
Namespace: A space for names: objects of different namespaces may have the same name.
NamespaceCondition: What is observed about a namespace, as why it does not end.
  lastTransitionTime: When the status changed last.
  message: Details for people.
  reason: Why, in one word.
  status: True, False or Unknown.
  type: What is observed.
NamespaceSpec: What is wanted of a namespace.
  finalizers: The namespace goes only when this list is empty; \`kubernetes\` goes from it once nothing is left inside.
NamespaceStatus: What was observed last about a namespace.
  conditions: What keeps it from ending, if anything.
  phase: Active, or Terminating once it is deleted.
`;
