/** Lease (coordination.k8s.io/v1): names and types of the fields, in the notation of ../schema/parse-fields.ts. */
export const COORDINATION_FIELDS = `
Lease
  apiVersion string
  kind string
  metadata ObjectMeta
  spec LeaseSpec
LeaseSpec
  acquireTime MicroTime
  holderIdentity string
  leaseDurationSeconds int32
  leaseTransitions int32
  preferredHolder string
  renewTime MicroTime
  strategy string
`;
