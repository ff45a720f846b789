// Original file: proto/margay/ipam/v1/ipam.proto


export interface HandoverInput {
  'address'?: (string);
  'handle'?: (string);
  'attributes'?: ({[key: string]: string});
}

export interface Handover {
  'address': (string);
  'handle': (string);
  'attributes': ({[key: string]: string});
}
