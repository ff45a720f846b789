// Original file: proto/margay/sim/v1/sim.proto

import type { ProtocolInput as _margay_sim_v1_ProtocolInput, Protocol as _margay_sim_v1_Protocol } from '../../../margay/sim/v1/Protocol.ts';

export interface ProbeResultInput {
  'from'?: (string);
  'to'?: (string);
  'address'?: (string);
  'port'?: (number);
  'protocol'?: (_margay_sim_v1_ProtocolInput);
  'allowed'?: (boolean);
  'reason'?: (string);
  'rttMs'?: (number | string);
}

export interface ProbeResult {
  'from': (string);
  'to': (string);
  'address': (string);
  'port': (number);
  'protocol': (_margay_sim_v1_Protocol);
  'allowed': (boolean);
  'reason': (string);
  'rttMs': (number);
}
