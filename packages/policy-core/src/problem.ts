/** A part of a policy that Margay does not enforce as it is written, for the policy's owner. */
export interface PolicyProblem {
  readonly policy: { readonly namespace: string; readonly name: string };
  /** The UID of the NetworkPolicy object; empty when it has none. */
  readonly uid: string;
  /** The NetworkPolicy's `metadata.generation`, when it has one. */
  readonly generation?: number;
  /** Like `spec.ingress[0].ports[1].endPort`. */
  readonly fieldPath: string;
  /** Plain sentences: what is wrong, and what the policy does instead. */
  readonly message: string;
}
