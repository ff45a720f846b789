/** Lease (coordination.k8s.io/v1): names and types of the fields, in the notation of ../schema/parse-fields.ts. */
export const COORDINATION_FIELDS = `
Lease
  apiVersion string
  kind string
  metadata ObjectMeta #1
  spec LeaseSpec #2
LeaseSpec
  acquireTime MicroTime #3*
  holderIdentity string #1*
  leaseDurationSeconds int32 #2*
  leaseTransitions int32 #5*
  preferredHolder string #7*
  renewTime MicroTime #4*
  strategy string #6*
`;
