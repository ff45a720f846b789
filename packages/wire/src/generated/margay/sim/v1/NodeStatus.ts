// Original file: proto/margay/sim/v1/sim.proto

import type { PodStatusInput as _margay_sim_v1_PodStatusInput, PodStatus as _margay_sim_v1_PodStatus } from '../../../margay/sim/v1/PodStatus.ts';

export interface NodeStatusInput {
  'name'?: (string);
  'address'?: (string);
  'ready'?: (boolean);
  'pods'?: (_margay_sim_v1_PodStatusInput)[];
}

export interface NodeStatus {
  'name': (string);
  'address': (string);
  'ready': (boolean);
  'pods': (_margay_sim_v1_PodStatus)[];
}
