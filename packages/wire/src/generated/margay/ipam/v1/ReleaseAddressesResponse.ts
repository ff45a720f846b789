// Original file: proto/margay/ipam/v1/ipam.proto


export interface ReleaseAddressesResponseInput {
  'released'?: (string)[];
  'unallocated'?: (string)[];
}

export interface ReleaseAddressesResponse {
  'released': (string)[];
  'unallocated': (string)[];
}
