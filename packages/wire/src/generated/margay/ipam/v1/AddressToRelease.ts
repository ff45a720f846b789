// Original file: proto/margay/ipam/v1/ipam.proto


export interface AddressToReleaseInput {
  'address'?: (string);
  'handle'?: (string);
}

export interface AddressToRelease {
  'address': (string);
  'handle': (string);
}
