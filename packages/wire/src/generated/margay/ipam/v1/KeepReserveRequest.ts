// Original file: proto/margay/ipam/v1/ipam.proto

import type { HandoverInput as _margay_ipam_v1_HandoverInput, Handover as _margay_ipam_v1_Handover } from '../../../margay/ipam/v1/Handover.ts';

export interface KeepReserveRequestInput {
  'node'?: (string);
  'count'?: (number);
  'handovers'?: (_margay_ipam_v1_HandoverInput)[];
  'returns'?: (string)[];
}

export interface KeepReserveRequest {
  'node': (string);
  'count': (number);
  'handovers': (_margay_ipam_v1_Handover)[];
  'returns': (string)[];
}
