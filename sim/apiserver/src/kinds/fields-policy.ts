/** The wish that a pod may leave its node (policy/v1): names and types of the fields, in the notation of ../schema/parse-fields.ts. */
export const POLICY_FIELDS = `
Eviction
  apiVersion string
  deleteOptions DeleteOptions #2*
  kind string
  metadata ObjectMeta #1
`;
