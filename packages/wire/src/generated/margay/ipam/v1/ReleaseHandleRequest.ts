// Original file: proto/margay/ipam/v1/ipam.proto


export interface ReleaseHandleRequestInput {
  'handle'?: (string);
}

export interface ReleaseHandleRequest {
  'handle': (string);
}
