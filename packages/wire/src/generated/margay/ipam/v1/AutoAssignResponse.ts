// Original file: proto/margay/ipam/v1/ipam.proto

import type { AssignmentInput as _margay_ipam_v1_AssignmentInput, Assignment as _margay_ipam_v1_Assignment } from '../../../margay/ipam/v1/Assignment.ts';

export interface AutoAssignResponseInput {
  'assignments'?: (_margay_ipam_v1_AssignmentInput)[];
}

export interface AutoAssignResponse {
  'assignments': (_margay_ipam_v1_Assignment)[];
}
