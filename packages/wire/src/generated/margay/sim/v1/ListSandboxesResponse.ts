// Original file: proto/margay/sim/v1/sim.proto

import type { SandboxInput as _margay_sim_v1_SandboxInput, Sandbox as _margay_sim_v1_Sandbox } from '../../../margay/sim/v1/Sandbox.ts';

export interface ListSandboxesResponseInput {
  'sandboxes'?: (_margay_sim_v1_SandboxInput)[];
}

export interface ListSandboxesResponse {
  'sandboxes': (_margay_sim_v1_Sandbox)[];
}
