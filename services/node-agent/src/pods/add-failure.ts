import type { IpAddress } from '@margay/ip';
import { KernelError } from '@margay/ports';
import { CallError } from '@margay/wire';
import { CNI_CODE, CniError, reasonOf } from '../cni/cni-error.ts';
import type { PodIdentity } from '../cni/pod-identity.ts';
import type { Dataplane } from '../dataplane/dataplane.ts';
import type { EndpointRecord } from '../endpoints/endpoint-record.ts';
import type { FeedState } from '../feed/feed-state.ts';

/** How far an ADD came. */
export interface Progress {
  address?: IpAddress;
  device?: string;
  record?: EndpointRecord;
  /** IPAM must not give it to another meanwhile. */
  keepAddress?: boolean;
}

export interface FailedAdd {
  readonly request: PodIdentity;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly error: unknown;
}

interface NodeView {
  readonly feed: Pick<FeedState, 'endpointOf'>;
  readonly dataplane: Pick<Dataplane, 'plan' | 'applied'>;
}

/** Why an ADD fails, as the runtime is told: what it still waited for, or who refused. */
export function addFailure(failed: FailedAdd, node: NodeView): CniError {
  const { error } = failed;
  if (error instanceof CniError) return error;
  const missing = failed.signal.aborted ? missingPart(failed, node) : undefined;
  if (missing !== undefined) return new CniError(CNI_CODE.tryAgainLater, missing, { cause: error });
  if (error instanceof KernelError && error.code === 'NAMESPACE_MISSING') {
    return new CniError(CNI_CODE.invalidNamespace, error.message, { cause: error });
  }
  const part = refuserOf(error);
  const message = part === undefined ? reasonOf(error) : `${part}: ${reasonOf(error)}`;
  return new CniError(CNI_CODE.tryAgainLater, message, { cause: error });
}

/** What an ADD whose time is over still waits for, in plain words. */
function missingPart({ request, progress, error }: FailedAdd, { feed, dataplane }: NodeView): string {
  const why = reasonOf(error);
  if (progress.address !== undefined && !dataplane.plan) return `${dataplane.applied.problem}: ${why}`;
  if (progress.address === undefined) return `no address from IPAM: ${why}`;
  if (!feed.endpointOf(request)) {
    return `the policy of pod ${request.namespace}/${request.pod} has not reached this node: ${why}`;
  }
  return `the kernel does not hold the pod's route and policy (${dataplane.applied.problem || 'no error'}): ${why}`;
}

function refuserOf(error: unknown): string | undefined {
  if (error instanceof KernelError) return 'the kernel refused';
  return error instanceof CallError ? 'no address from IPAM' : undefined;
}
