// Original file: proto/margay/ipam/v1/ipam.proto


export interface ReleaseHandleResponseInput {
  'released'?: (string)[];
}

export interface ReleaseHandleResponse {
  'released': (string)[];
}
