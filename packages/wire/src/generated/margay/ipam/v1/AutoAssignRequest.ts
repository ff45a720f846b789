// Original file: proto/margay/ipam/v1/ipam.proto

import type { UseInput as _margay_ipam_v1_UseInput, Use as _margay_ipam_v1_Use } from '../../../margay/ipam/v1/Use.ts';

export interface AutoAssignRequestInput {
  'node'?: (string);
  'handle'?: (string);
  'count'?: (number);
  'use'?: (_margay_ipam_v1_UseInput);
  'attributes'?: ({[key: string]: string});
}

export interface AutoAssignRequest {
  'node': (string);
  'handle': (string);
  'count': (number);
  'use': (_margay_ipam_v1_Use);
  'attributes': ({[key: string]: string});
}
