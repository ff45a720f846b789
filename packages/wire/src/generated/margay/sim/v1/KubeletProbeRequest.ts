// Original file: proto/margay/sim/v1/sim.proto

import type { ProtocolInput as _margay_sim_v1_ProtocolInput, Protocol as _margay_sim_v1_Protocol } from '../../../margay/sim/v1/Protocol.ts';

export interface KubeletProbeRequestInput {
  'from'?: (string);
  'address'?: (string);
  'port'?: (number);
  'protocol'?: (_margay_sim_v1_ProtocolInput);
  'timeoutMs'?: (number);
}

export interface KubeletProbeRequest {
  'from': (string);
  'address': (string);
  'port': (number);
  'protocol': (_margay_sim_v1_Protocol);
  'timeoutMs': (number);
}
