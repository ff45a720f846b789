// Original file: proto/margay/sim/v1/sim.proto

import type { NodeStatusInput as _margay_sim_v1_NodeStatusInput, NodeStatus as _margay_sim_v1_NodeStatus } from '../../../margay/sim/v1/NodeStatus.ts';
import type { ProcessInput as _margay_sim_v1_ProcessInput, Process as _margay_sim_v1_Process } from '../../../margay/sim/v1/Process.ts';

export interface StatusInput {
  'name'?: (string);
  'ready'?: (boolean);
  'nodes'?: (_margay_sim_v1_NodeStatusInput)[];
  'processes'?: (_margay_sim_v1_ProcessInput)[];
  'mode'?: (string);
  'profile'?: (string);
  'kubeconfig'?: (string);
  'secondsToReady'?: (number | string);
  'waitingFor'?: (string)[];
}

export interface Status {
  'name': (string);
  'ready': (boolean);
  'nodes': (_margay_sim_v1_NodeStatus)[];
  'processes': (_margay_sim_v1_Process)[];
  'mode': (string);
  'profile': (string);
  'kubeconfig': (string);
  'secondsToReady': (number);
  'waitingFor': (string)[];
}
