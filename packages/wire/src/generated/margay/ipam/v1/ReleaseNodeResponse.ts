// Original file: proto/margay/ipam/v1/ipam.proto


export interface ReleaseNodeResponseInput {
  'released'?: (string)[];
  'blocks'?: (string)[];
}

export interface ReleaseNodeResponse {
  'released': (string)[];
  'blocks': (string)[];
}
