// Original file: proto/margay/ipam/v1/ipam.proto


export interface AssignmentInput {
  'address'?: (string);
  'block'?: (string);
  'pool'?: (string);
}

export interface Assignment {
  'address': (string);
  'block': (string);
  'pool': (string);
}
