// Original file: proto/margay/ipam/v1/ipam.proto

import type { AssignmentInput as _margay_ipam_v1_AssignmentInput, Assignment as _margay_ipam_v1_Assignment } from '../../../margay/ipam/v1/Assignment.ts';

export interface KeepReserveResponseInput {
  'reserve'?: (_margay_ipam_v1_AssignmentInput)[];
  'refused'?: (string)[];
  'limit'?: (number);
}

export interface KeepReserveResponse {
  'reserve': (_margay_ipam_v1_Assignment)[];
  'refused': (string)[];
  'limit': (number);
}
