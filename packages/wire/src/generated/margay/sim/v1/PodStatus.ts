// Original file: proto/margay/sim/v1/sim.proto


export interface PodStatusInput {
  'name'?: (string);
  'address'?: (string);
  'phase'?: (string);
}

export interface PodStatus {
  'name': (string);
  'address': (string);
  'phase': (string);
}
