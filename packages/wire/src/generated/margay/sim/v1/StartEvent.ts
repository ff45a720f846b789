// Original file: proto/margay/sim/v1/sim.proto

import type { StatusInput as _margay_sim_v1_StatusInput, Status as _margay_sim_v1_Status } from '../../../margay/sim/v1/Status.ts';
import type { ProbeResultInput as _margay_sim_v1_ProbeResultInput, ProbeResult as _margay_sim_v1_ProbeResult } from '../../../margay/sim/v1/ProbeResult.ts';

export interface StartEventInput {
  'progress'?: (string);
  'ready'?: (_margay_sim_v1_StatusInput | null);
  'failed'?: (string);
  'verified'?: (_margay_sim_v1_ProbeResultInput | null);
  'event'?: "progress"|"ready"|"failed"|"verified";
}

export interface StartEvent {
  'progress'?: (string);
  'ready'?: (_margay_sim_v1_Status | null);
  'failed'?: (string);
  'verified'?: (_margay_sim_v1_ProbeResult | null);
  'event'?: "progress"|"ready"|"failed"|"verified";
}
