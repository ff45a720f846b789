// Original file: proto/margay/sim/v1/sim.proto

import type { ProtocolInput as _margay_sim_v1_ProtocolInput, Protocol as _margay_sim_v1_Protocol } from '../../../margay/sim/v1/Protocol.ts';

export interface ProbeAllRequestInput {
  'port'?: (number);
  'protocol'?: (_margay_sim_v1_ProtocolInput);
  'timeoutMs'?: (number);
  'parallel'?: (number);
}

export interface ProbeAllRequest {
  'port': (number);
  'protocol': (_margay_sim_v1_Protocol);
  'timeoutMs': (number);
  'parallel': (number);
}
